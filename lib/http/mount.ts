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
  /** What all its responses inherit from. */
  readonly response: object;
  use(middleware: (request: HttpRequest, response: HttpResponse, next: () => void) => void): void;
}

type FastifyHook = (request: HttpRequest, reply: HttpResponse, done: () => void) => void;

/** A route as it is registered on Fastify: what is changed of it then counts. */
interface FastifyRoute {
  readonly method: string | readonly string[];
  preValidation?: FastifyHook | readonly FastifyHook[];
}

/** The part of a Fastify instance that is used. */
interface FastifyInstance {
  decorate(name: symbol, value: unknown): void;
  addHook(name: 'onRequest', hook: FastifyHook): void;
  addHook(name: 'onRoute', hook: (route: FastifyRoute) => void): void;
}

/** The methods whose bodies Fastify does not read. */
const BODILESS: readonly string[] = ['GET', 'HEAD', 'TRACE'];

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
  // Once for all responses: each property that is put on one of Express's takes microseconds, for a shape
  // of its own.
  sessions.gatekeeper.guard(application.response);
  application.use((request, response, next) => sessions.enter(request, response, next));
}

function mountOnFastify(instance: FastifyInstance, sessions: HttpSessions): void {
  claim(instance);
  instance.decorate(SESSIONS, sessions);
  const enter: FastifyHook = (request, reply, done) => sessions.enter(request, reply, done);
  instance.addHook('onRequest', enter);
  // Reading a body starts from the socket and loses the context, so it is entered once more after that,
  // but only there: each further stage of a request takes its time, whether it has anything to do or not.
  instance.addHook('onRoute', (route) => {
    if ([route.method].flat().every((method) => BODILESS.includes(method))) return;
    route.preValidation = [enter, ...[route.preValidation ?? []].flat()];
  });
}

function claim(holder: object): void {
  if (!Reflect.has(holder, SESSIONS)) return;
  throw new SessionOptionError(
    'SessionModule',
    'serves one application on an Express or Fastify instance, and this one has another already: give each an instance of its own.',
  );
}
