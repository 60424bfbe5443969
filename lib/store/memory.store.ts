import { Subject } from 'rxjs';
import { type DelayedCall } from '../reactor/reactor.js';
import { SessionOptionError } from '../errors/session.errors.js';
import { staleOf, withChanges } from './component-changes.js';
import { DeadlineQueue } from './deadline-queue.js';
import { MemoryDirectory } from './memory.directory.js';
import { RecordTable } from './record-table.js';
import { RetiredKeys } from './retired-keys.js';
import { isOvertaken, UID } from './rotation.js';
import {
  type SessionChange,
  type SessionCommit,
  type SessionEnd,
  SessionStore,
  type SessionStoreSettings,
} from './session.store.js';
import {
  deadlineOf,
  isOverdue,
  isReachable,
  overdueReason,
  type SessionRecord,
} from './session-record.js';

/** How long the sweep may run before it gives way to other work, in seconds. */
const SLICE = 0.005;

/** What sums of seconds may be off by. The sweep takes so much less than a deadline for the deadline. */
const ROUNDING = 1e-6;

/**
 * The embedded store: sessions live in this process, and end with it. Every operation is complete
 * when it returns, and an end and its callbacks are synchronous.
 *
 * One timer serves all sessions: it is set for the earliest deadline known, and a touch only stores a
 * number. When very many are due at once they are ended in slices, so that nothing else waits long.
 * With `maxSessions` given, the session that would have ended first makes room for a new one and ends
 * with the reason `limit`.
 *
 * Records are found by the uid itself, not by its hash: the live session beside the record holds the
 * uid anyway, and hash tables compare whole strings only after a seeded hash has matched.
 *
 * @publicApi
 */
export class MemorySessionStore extends SessionStore {
  override readonly embedded = true;

  readonly #ends = new Subject<SessionEnd>();
  readonly #byKey = new RecordTable();
  readonly #deadlines = new DeadlineQueue<SessionRecord>();
  readonly #retired = new RetiredKeys();
  /** Counted for all sessions together, lest a component that comes back is taken for the one before. */
  #writes = 0;
  #sweep: DelayedCall | undefined;
  #settings: SessionStoreSettings | undefined;

  readonly ends$ = this.#ends.asObservable();
  override readonly directory = new MemoryDirectory(
    (record, reason) => this.#close(record, reason, this.#now()),
    () => this.#now(),
  );

  override keyOf(uid: string): string {
    return uid;
  }

  start(settings: SessionStoreSettings): void {
    if (this.#settings !== undefined) {
      throw new SessionOptionError(
        'store',
        'has served another application already: make one for each, in the factory of forRootAsync() where a module is booted more than once.',
      );
    }
    this.#settings = settings;
  }

  stop(): void {
    this.#stopSweep();
    this.#byKey.clear();
    this.directory.clear();
    this.#deadlines.clear();
    this.#ends.complete();
  }

  create(record: SessionRecord): void {
    if (this.#byKey.get(record.key) !== undefined)
      throw new Error('This session is in the store already.');
    const most = this.#started().maxSessions;
    while (most !== undefined && this.directory.count() >= most) {
      this.#evict();
      // The end of another may have been that of this one, or may have had it kept.
      if (record.ended !== undefined || this.#has(record)) return;
    }
    this.#byKey.add(record);
    this.directory.add(record);
    this.#file(record);
  }

  open(key: string, touch: boolean, secure?: boolean): SessionRecord | 'rotated' | undefined {
    const record = this.#byKey.get(key);
    const now = this.#now();
    if (record === undefined) return this.#retired.has(key, now) ? 'rotated' : undefined;
    if (!isReachable(record, secure)) return undefined;
    if (isOverdue(record, now)) {
      this.#close(record, overdueReason(record), now);
      return undefined;
    }
    if (touch && now > record.lastModified) record.lastModified = now;
    return record;
  }

  commit(record: SessionRecord, change: SessionChange): SessionCommit {
    const { login, components } = change;
    const rule = this.#started().maxPerPrincipal;
    const rivals = rule && login ? this.#rivals(record, login.principal) : [];
    if (!this.#has(record)) return { kind: 'ended', reason: record.ended };
    const now = this.#now();
    if (isOverdue(record, now)) {
      this.#close(record, overdueReason(record), now);
      return { kind: 'ended', reason: record.ended };
    }
    if (isOvertaken(change, record)) return { kind: 'conflict', components: [UID] };
    const stale = staleOf(record, components);
    if (stale.length > 0) return { kind: 'conflict', components: stale.map(({ key }) => key) };
    const tooMany = rule ? Math.max(0, rivals.length + 1 - rule.limit) : 0;
    if (rule && tooMany > 0 && rule.policy === 'refuse') {
      return { kind: 'refused', limit: rule.limit };
    }
    this.#apply(record, change);
    // Only now, since the end of a session may lead to anything, to another login, too.
    for (const oldest of rivals.slice(0, tooMany)) this.end(oldest, 'limit');
    return { kind: 'saved' };
  }

  end(record: SessionRecord, reason: string): void {
    if (!this.#has(record)) return;
    const now = this.#now();
    this.#close(record, isOverdue(record, now) ? overdueReason(record) : reason, now);
  }

  /** Whether it is one that was made here and is alive: of no other may anything come to be. */
  #has(record: SessionRecord): boolean {
    return record.ended === undefined && this.#byKey.get(record.key) === record;
  }

  /** The one way out: every end goes through here, and each session only once. */
  #close(record: SessionRecord, reason: string, at: number): void {
    record.ended = reason;
    const isCrowded = this.#byKey.drop(record);
    this.directory.remove(record);
    this.#tidy();
    if (isCrowded) this.#armSweep(at);
    this.#ends.next({ eventId: `${record.id}:ended`, record, reason, at });
  }

  #apply(record: SessionRecord, change: SessionChange): void {
    const { lastModified, sessionTimeout, components, rotatedTo, login } = change;
    const before = deadlineOf(record);
    if (lastModified !== undefined && lastModified > record.lastModified) {
      record.lastModified = lastModified;
    }
    if (sessionTimeout !== undefined) record.sessionTimeout = sessionTimeout;
    if (components !== undefined) {
      record.components = withChanges(record.components, components, ++this.#writes);
    }
    if (login !== undefined) {
      this.directory.move(record, login.principal);
      record.level = login.level;
      record.loggedInAt = login.at;
    }
    if (rotatedTo !== undefined) {
      this.#byKey.release(record);
      this.#retired.add(record.key, this.#now());
      record.key = rotatedTo;
      this.#byKey.add(record);
    }
    // What moved later is noticed when it comes up; what moved earlier is filed once more.
    if (deadlineOf(record) < before) this.#file(record);
  }

  /** The other sessions of the principal who logs in, the earliest login first. */
  #rivals(record: SessionRecord, principal: string): readonly SessionRecord[] {
    return this.directory.of(principal).filter((other) => other !== record);
  }

  #evict(): void {
    for (;;) {
      const record = this.#deadlines.peek();
      if (record === undefined) return;
      if (record.ended !== undefined) this.#deadlines.pop();
      else if (deadlineOf(record) > (this.#deadlines.next ?? 0)) {
        this.#deadlines.postpone(deadlineOf(record));
      } else return this.end(record, 'limit');
    }
  }

  #file(record: SessionRecord): void {
    const deadline = deadlineOf(record);
    this.#deadlines.push(record, deadline);
    this.#tidy();
    if (this.#deadlines.next === deadline) this.#armSweep();
  }

  #armSweep(now = this.#now()): void {
    const next = this.#byKey.isCrowded ? now : this.#deadlines.next;
    if (next !== undefined && this.#isSweepDueBy(next)) return;
    this.#stopSweep();
    if (next === undefined) return;
    const delay = Math.max(0, next - now);
    this.#sweep = this.#started().reactor.callLater(delay, () => this.#sweepSlice());
  }

  #isSweepDueBy(deadline: number): boolean {
    return this.#sweep?.active() === true && this.#sweep.getTime() <= deadline + ROUNDING;
  }

  #stopSweep(): void {
    if (this.#sweep?.active() === true) this.#sweep.cancel();
    this.#sweep = undefined;
  }

  #sweepSlice(): void {
    const start = this.#now();
    for (let now = start; now - start <= SLICE; now = this.#now()) {
      const next = this.#deadlines.next;
      if (next !== undefined && next <= now + ROUNDING) this.#sweepOne(now);
      else if (!this.#byKey.tidy()) break;
    }
    this.#armSweep();
  }

  #sweepOne(now: number): void {
    const record = this.#deadlines.peek();
    if (record === undefined) return;
    const isDue = record.ended === undefined && isOverdue(record, now + ROUNDING);
    if (record.ended === undefined && !isDue) return this.#deadlines.postpone(deadlineOf(record));
    this.#deadlines.pop();
    if (isDue) this.#close(record, overdueReason(record), now);
  }

  /** Lets go of the ended, and of what was filed more than once, before they outnumber the living. */
  #tidy(): void {
    if (this.#deadlines.size <= 2 * this.directory.count()) return;
    this.#deadlines.clear();
    this.directory.forEach((record) => this.#deadlines.push(record, deadlineOf(record)));
    this.#armSweep();
  }

  #now(): number {
    return this.#started().reactor.seconds();
  }

  #started(): SessionStoreSettings {
    if (this.#settings === undefined) throw new Error('The store was used before start().');
    return this.#settings;
  }
}
