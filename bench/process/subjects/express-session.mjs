import session from 'express-session';
import { subjectOf } from './connect.mjs';

export function create() {
  return subjectOf(new session.MemoryStore());
}
