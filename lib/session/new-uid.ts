import { type Session } from './session.js';
import { type SiteParts } from './site-parts.js';

/** A new uid for a session, whose key the store can give it. */
export function newUid(session: Session, { random, store }: SiteParts): string {
  for (;;) {
    const uid = random.token(32);
    if (store.accepts(session.$record, store.keyOf(uid))) return uid;
  }
}
