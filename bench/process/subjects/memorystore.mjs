import session from 'express-session';
import memorystore from 'memorystore';
import { subjectOf } from './connect.mjs';

export function create() {
  const Store = memorystore(session);
  return subjectOf(new Store());
}
