import { type INestApplication, type INestApplicationContext } from '@nestjs/common';
import { type TestingModule } from '@nestjs/testing';
import { describe as describeForNode, it as itForNode } from 'node:test';
import { MemorySessionStore, type Session } from 'nestjs-live-session';
import {
  describeSessionStore,
  inSession,
  sessionCookie,
  sessionFrom,
  sessionHeaders,
  signIn,
  startSession,
} from 'nestjs-live-session/testing';
import supertest from 'supertest';
import { same } from './same.js';

export async function helpers(
  app: INestApplication,
  context: INestApplicationContext,
  module: TestingModule,
): Promise<void> {
  const { session, headers, cookie } = await signIn(app, 'ada', {
    level: 'mfa',
    secure: true,
    prepare: async (prepared) => same<typeof prepared, Session>(true),
  });
  same<typeof session, Session>(true);
  await startSession(context);
  await startSession(module, { prepare: ({ id }) => id });

  const http = supertest(app.getHttpServer());
  const response = await http.get('/').set(headers).set('Cookie', cookie);
  await http.get('/').set(sessionHeaders(app, session)).set('Cookie', sessionCookie(app, session));
  const found = await sessionFrom(app, response);
  same<typeof found, Session | undefined>(true);
  const total = await inSession(app, session, async () => 42);
  same<typeof total, number>(true);

  // @ts-expect-error a principal is a string
  await signIn(app, 42);
  // @ts-expect-error a visitor has no level
  await startSession(app, { level: 'mfa' });
  // @ts-expect-error a session, not its uid
  sessionCookie(app, 'uid');
}

export function suites(): void {
  const make = (): MemorySessionStore => new MemorySessionStore();
  describeSessionStore('here', make);
  describeSessionStore('here', async (clock) => (clock.seconds(), make()), { describe, it });
  const fixture = { node: make, travel: () => {}, sweep: async () => {}, dispose: () => {} };
  const runner = { describe: describeForNode, it: itForNode };
  describeSessionStore('elsewhere', () => fixture, { nodes: 'many', ...runner });

  // @ts-expect-error a store, not its options
  describeSessionStore('here', () => ({ url: 'redis://127.0.0.1' }));
}
