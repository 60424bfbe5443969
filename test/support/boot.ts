import {
  type DynamicModule,
  type INestApplication,
  type INestApplicationContext,
  type ModuleMetadata,
  type NestApplicationOptions,
  type Type,
} from '@nestjs/common';
import { type AbstractHttpAdapter } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import {
  Reactor,
  SessionModule,
  type SessionRootOptions,
  SessionService,
} from 'nestjs-live-session';
import { Clock } from 'nestjs-live-session/testing';
import supertest from 'supertest';

/** The frameworks that every promise about HTTP is kept on. */
export const PLATFORMS = ['Express', 'Fastify'] as const;

export type Platform = (typeof PLATFORMS)[number];

export interface BootOptions {
  readonly platform?: Platform;
  /** What Fastify itself is made with. */
  readonly fastify?: ConstructorParameters<typeof FastifyAdapter>[0];
  /** The key and certificate of a server that speaks TLS. */
  readonly httpsOptions?: NestApplicationOptions['httpsOptions'];
  readonly options?: SessionRootOptions;
  readonly imports?: ModuleMetadata['imports'];
  readonly components?: readonly Type[];
  readonly controllers?: readonly Type[];
  readonly providers?: ModuleMetadata['providers'];
  /** What main.ts would do before the application listens. */
  readonly main?: (app: INestApplication) => unknown;
  readonly override?: (builder: TestingModuleBuilder) => TestingModuleBuilder;
}

/** A running application, its sessions and the clock that they run by. */
export interface Booted {
  readonly app: INestApplication;
  readonly clock: Clock;
  readonly sessions: SessionService;
  /** A client without cookies of its own. */
  readonly http: ReturnType<typeof supertest>;
  /** A client that keeps its cookies, as a browser does. */
  readonly browser: () => ReturnType<typeof supertest.agent>;
}

const running: INestApplicationContext[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.close()));
});

/** Has whatever a test has started closed after it. */
export function closeAfterTest<T extends INestApplicationContext>(app: T): T {
  running.push(app);
  return app;
}

/** Boots an application with sessions of 900 seconds; it is closed after the test. */
export async function boot(given: BootOptions = {}): Promise<Booted> {
  const clock = new Clock();
  const builder = Test.createTestingModule({
    imports: [...(given.imports ?? []), ...sessionImports(given)],
    controllers: [...(given.controllers ?? [])],
    providers: [...(given.providers ?? [])],
  })
    .overrideProvider(Reactor)
    .useValue(clock);
  const module = await (given.override?.(builder) ?? builder).compile();
  const { httpsOptions } = given;
  const app = closeAfterTest(
    module.createNestApplication(adapterOf(given), { logger: false, httpsOptions }),
  );
  await given.main?.(app);
  await app.init();
  if (given.platform === 'Fastify') await app.getHttpAdapter().getInstance().ready();
  const server = app.getHttpServer();
  return {
    app,
    clock,
    sessions: app.get(SessionService),
    http: supertest(server),
    browser: () => supertest.agent(server),
  };
}

function sessionImports({ options, components }: BootOptions): DynamicModule[] {
  return [
    SessionModule.forRoot({ sessionTimeout: 900, ...options }),
    ...(components === undefined ? [] : [SessionModule.forFeature(components)]),
  ];
}

/** The adapter of a platform, fresh for each application. */
export function adapterOf({
  platform,
  fastify,
  httpsOptions: https,
}: BootOptions): AbstractHttpAdapter {
  if (platform !== 'Fastify') return new ExpressAdapter();
  return new FastifyAdapter({ ...fastify, ...(https && { https }) } as typeof fastify);
}

/** The session cookies that a response sets, as `name=value; attributes`. */
export function setCookies(response: { headers: Record<string, unknown> }): string[] {
  return [response.headers['set-cookie'] ?? []].flat().map(String);
}
