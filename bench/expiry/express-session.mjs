import session from 'express-session';
import { createIn } from './connect.mjs';

/** MemoryStore has no timer: it forgets an overdue session when somebody asks for it, or for all. */
export function create(count) {
  const store = new session.MemoryStore();
  return createIn(store, count, () => new Promise((resolve) => store.all(resolve)));
}
