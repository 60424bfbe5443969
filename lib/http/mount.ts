import { Logger } from '@nestjs/common';
import { type AbstractHttpAdapter } from '@nestjs/core';
import { SessionOptionError } from '../errors/session.errors.js';
import { type HttpRequest, type HttpResponse } from './http-exchange.js';
import { HttpSessions } from './http-sessions.js';

/** Where a framework's application object holds its sessions. */
const SESSIONS = Symbol('nestjs-live-session');

/** The part of an Express application that is used. */
interface ExpressApplication {
  readonly locals: object;
  use(middleware: (request: HttpRequest, response: HttpResponse, next: () => void) => void): void;
}

/** The part of a Fastify instance that is used. */
interface FastifyInstance {
  decorate(name: symbol, value: unknown): void;
  addHook(
    name: 'onRequest' | 'preValidation',
    hook: (request: HttpRequest, reply: HttpResponse, done: () => void) => void,
  ): void;
}

/** Makes an application's sessions known to its framework, before any middleware of its own. */
export function mount(adapter: AbstractHttpAdapter, sessions: HttpSessions): void {
  switch (adapter.getType()) {
    case 'express':
      return mountOnExpress(adapter.getInstance(), sessions);
    case 'fastify':
      return mountOnFastify(adapter.getInstance(), sessions);
    default:
      throw new SessionOptionError(
        'SessionModule',
        `works on Express and Fastify, not on ${adapter.getType()}: take @nestjs/platform-express or @nestjs/platform-fastify.`,
      );
  }
}

/** The sessions of the application that a request has come to. */
export function sessionsOf({ app, server }: HttpRequest): HttpSessions {
  const sessions = (app?.locals ?? server)?.[SESSIONS];
  if (sessions instanceof HttpSessions) return sessions;
  const error = new SessionOptionError(
    'SessionModule',
    'is not imported in this application: add SessionModule.forRoot() to the imports of the root module.',
  );
  // Nobody else would: the filter that logs such errors is part of what is not imported.
  new Logger('SessionModule').error(error.message);
  throw error;
}

function mountOnExpress(application: ExpressApplication, sessions: HttpSessions): void {
  claim(application.locals);
  Reflect.set(application.locals, SESSIONS, sessions);
  application.use((request, response, next) => sessions.enter(request, response, next));
}

function mountOnFastify(instance: FastifyInstance, sessions: HttpSessions): void {
  claim(instance);
  instance.decorate(SESSIONS, sessions);
  // Reading a body starts from the socket and loses the context, so it is entered once more after that.
  for (const hook of ['onRequest', 'preValidation'] as const) {
    instance.addHook(hook, (request, reply, done) => sessions.enter(request, reply, done));
  }
}

function claim(holder: object): void {
  if (!Reflect.has(holder, SESSIONS)) return;
  throw new SessionOptionError(
    'SessionModule',
    'serves one application on an Express or Fastify instance, and this one has another already: give each an instance of its own.',
  );
}
