import session from 'express-session';
import { appOf } from './app.mjs';
import { RequestSessionController } from './request-session.mjs';

/** express-session with its MemoryStore. */
export function create(framework) {
  return createWith(framework, new session.MemoryStore());
}

/** express-session with a store, set up as its README advises. */
export async function createWith(framework, store) {
  const app = await appOf(framework, { controllers: [RequestSessionController] });
  app.use(
    session({
      store,
      secret: 'a secret of the benchmarks',
      resave: false,
      saveUninitialized: false,
      cookie: { maxAge: 900_000 },
    }),
  );
  return app;
}
