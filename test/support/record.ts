import { type MemorySessionStore, type SessionRecord } from 'nestjs-live-session';

let made = 0;

/** A session record of 900 seconds, made at 0 and absolutely over at 3600, with what a test sets. */
export function makeRecord(given: Partial<SessionRecord> = {}): SessionRecord {
  const number = String(++made).padStart(8, '0');
  return {
    key: `key-${number}`,
    id: `id-${number}`,
    secure: undefined,
    createdAt: 0,
    lastModified: 0,
    sessionTimeout: 900,
    absoluteTimeout: 3600,
    principal: undefined,
    level: undefined,
    loggedInAt: undefined,
    components: undefined,
    ended: undefined,
    live: undefined,
    ...given,
  };
}

/** What an embedded store has under a uid, untouched; `undefined` where it has no live session. */
export function recordIn(store: MemorySessionStore, uid: string): SessionRecord | undefined {
  const found = store.open(uid, false);
  return typeof found === 'object' ? found : undefined;
}
