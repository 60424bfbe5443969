import { type SessionRecord } from '../store/session-record.js';
import { type SessionEnd } from '../store/session.store.js';
import { type Announcements } from './announcements.js';
import { type Session } from './session.js';
import { type SessionEndReason, type SessionExpiration } from './session-expiration.js';

/** What an ending asks of the site. */
interface LiveObjects {
  now(): number;
  /** The one object on this node that stands for a record. */
  sessionOf(record: SessionRecord, uid: string): Session;
}

/** How sessions end on this node: each once, whoever says so, and with all told who wait for it. */
export class Endings {
  /** Those whose end somebody waits for: where the store is elsewhere, nothing else may hold them. */
  readonly #awaited = new Set<Session>();

  constructor(
    private readonly objects: LiveObjects,
    private readonly isEmbedded: boolean,
    private readonly announcements: Announcements,
  ) {}

  /** Keeps a session for as long as somebody waits for its end. */
  hold(session: Session): void {
    if (this.isEmbedded) return;
    // One that is in no store ends with nobody to tell of it. Who unsubscribes while the end is told does
    // not leave the others waiting.
    const isAwaited = session.$listeners !== undefined && session.$phase !== 'ended';
    if (isAwaited && session.$stored === 'yes') this.#awaited.add(session);
    else this.#awaited.delete(session);
  }

  /** Ends a session that no store has. */
  drop(session: Session, reason: SessionEndReason): void {
    const record = session.$record;
    record.ended = reason;
    this.finish({ eventId: `${record.id}:ended`, record, reason, at: this.objects.now() });
  }

  /** The one way out: every end that the store tells of goes through here, each session once. */
  finish(end: SessionEnd): void {
    const session = this.objects.sessionOf(end.record, '');
    const isUnused = session.$phase === 'offered';
    const expiration = this.expirationOf(end);
    this.#awaited.delete(session);
    // Nobody ever knew of it, so nobody misses it.
    if (isUnused) return;
    this.announcements.ended(session, expiration);
  }

  /** An end with the session that has ended. Tells nobody of it. */
  expirationOf({ eventId, record, reason, at }: SessionEnd): SessionExpiration {
    const { id, principal } = record;
    const session = this.objects.sessionOf(record, '');
    session.$phase = 'ended';
    session.$states?.conclude();
    const expiration = { eventId, id, reason, at, session };
    session.$expiration = principal === undefined ? expiration : { ...expiration, principal };
    return session.$expiration;
  }
}
