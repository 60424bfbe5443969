import session from 'express-session';
import memorystore from 'memorystore';
import { createWith } from './express-session.mjs';

/** express-session with memorystore, which forgets sessions in time. */
export function create(framework) {
  const Store = memorystore(session);
  return createWith(framework, new Store({ checkPeriod: 60_000 }));
}
