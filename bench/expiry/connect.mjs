import session from 'express-session';
import { since } from './since.mjs';

/**
 * Makes sessions in a store of express-session that are all overdue by now, and has the store do what
 * forgets them. Nobody is told.
 */
export async function createIn(store, count, forget) {
  session({ store, secret: 'a secret of the benchmarks', resave: false, saveUninitialized: false });
  for (let i = 0; i < count; i++) {
    const request = {};
    store.generate(request);
    request.session.cookie.maxAge = 1;
    store.set(request.sessionID, request.session);
    if (i % 1000 === 0) await new Promise(setImmediate);
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
  return async (now) => {
    const start = now();
    await forget();
    return since(start, now());
  };
}
