import cookie from '@fastify/cookie';
import session from '@fastify/session';
import { appOf } from './app.mjs';
import { RequestSessionController } from './request-session.mjs';

/** @fastify/session with its memory store. */
export function create(framework) {
  return createWith(framework, undefined);
}

/** @fastify/session with a store and its defaults, and no cookie for unused sessions. */
export async function createWith(framework, store) {
  const app = await appOf(framework, { controllers: [RequestSessionController] });
  await app.register(cookie);
  await app.register(session, {
    ...(store && { store }),
    secret: 'a secret of the benchmarks, 32 characters or more',
    saveUninitialized: false,
    cookie: { secure: false, maxAge: 900_000 },
  });
  return app;
}
