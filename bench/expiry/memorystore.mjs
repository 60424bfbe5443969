import session from 'express-session';
import memorystore from 'memorystore';
import { createIn } from './connect.mjs';

/** memorystore prunes every `checkPeriod`; here it is told when. */
export function create(count) {
  const Store = memorystore(session);
  const store = new Store();
  return createIn(store, count, () => store.prune());
}
