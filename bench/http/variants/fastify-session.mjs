import cookie from '@fastify/cookie';
import session from '@fastify/session';
import { appOf } from './app.mjs';
import { RequestSessionController } from './request-session.mjs';

/** @fastify/session with its memory store and its defaults, and no cookie for unused sessions. */
export async function create(framework) {
  const app = await appOf(framework, { controllers: [RequestSessionController] });
  await app.register(cookie);
  await app.register(session, {
    secret: 'a secret of the benchmarks, 32 characters or more',
    saveUninitialized: false,
    cookie: { secure: false, maxAge: 900_000 },
  });
  return app;
}
