import { type Observable, Subject } from 'rxjs';
import { staleOf } from '../store/component-changes.js';
import { type Held, HeldRecords, type HeldState } from '../store/held-records.js';
import { UID } from '../store/rotation.js';
import { type SessionRecord } from '../store/session-record.js';
import { type SessionChange, type SessionCommit, type SessionEnd } from '../store/session.store.js';
import { type SessionEvent } from './event-tail.js';
import { type Found, type Touched } from './redis-answers.js';
import {
  changed,
  readEvent,
  recordOf,
  type SavedComponent,
  type Snapshot,
  touched,
  update,
} from './redis-record.js';
import { ToldEnds } from './told-ends.js';

/** What this node has of a session as it asks the server. */
export interface Known {
  /** Held on to, lest it is collected while what is new for it is on its way. */
  readonly record: SessionRecord | undefined;
  /** Up to which it is complete. */
  readonly version: number;
  readonly stamp: string;
}

const UNKNOWN: Known = Object.freeze({ record: undefined, version: -1, stamp: '-1' });

/**
 * What this node knows of the sessions: the one record of each that is held here, brought up to date by
 * every answer and event, and the ends that it has been told of.
 */
export class LocalSessions {
  readonly held = new HeldRecords();
  readonly #told = new ToldEnds();
  readonly #ends = new Subject<SessionEnd>();

  readonly ends$: Observable<SessionEnd> = this.#ends.asObservable();

  /** A session is to be made here, and whatever is heard of it from now on is about this record. */
  making(record: SessionRecord): void {
    if (this.held.ofId(record.id) === undefined) this.held.expect(record, UNKNOWN.version);
  }

  /** A session was made here. */
  made(record: SessionRecord, at: number): void {
    if (!this.isMaking(record)) return;
    Object.assign(record, { createdAt: at, lastModified: at });
    this.#keep(record, { version: 0, stamp: '0' }, record.key);
  }

  /** Whether it is held, and nothing says that it was made. */
  isMaking({ id }: Pick<SessionRecord, 'id'>): boolean {
    return this.held.ofId(id)?.version === UNKNOWN.version;
  }

  /** What is held of the session with a key. */
  known(key: string): Known {
    return this.#known(this.held.ofKey(key));
  }

  /** What is held of a session. */
  knownOf({ id }: SessionRecord): Known {
    return this.#known(this.held.ofId(id));
  }

  /** The record of a session that was asked for and is alive; `undefined` where it has ended since. */
  opened(found: Found, key: string, asked: Known): SessionRecord | undefined {
    if (found.kind === 'live') return this.found(found.snapshot, key, asked);
    const { record } = asked;
    if (record === undefined || this.#isOver(record)) return undefined;
    touched(record, found.touchedAt);
    return record;
  }

  /**
   * The record that a snapshot is of; `undefined` where the session has ended since.
   *
   * @param asked what was held when it was asked for, so that the snapshot may build on it
   */
  found(snapshot: Snapshot, key: string, asked: Known): SessionRecord | undefined {
    const { version } = asked;
    const held = this.held.ofId(snapshot.id);
    const known = asked.record ?? held?.record.deref();
    if (known === undefined) {
      const added = recordOf(snapshot, key);
      if (this.#isOver(added)) return undefined;
      this.held.add(added, snapshot.version, snapshot.stamp);
      return added;
    }
    if (this.#isOver(known)) return undefined;
    // An answer that another one has overtaken; unless the server has lost what was held.
    if (held !== undefined && held.version > snapshot.version && version <= snapshot.version) {
      return known;
    }
    // Of the same version, so by the same key, unless an event has told of another one since.
    const isNews = held?.version !== snapshot.version;
    update(known, snapshot);
    const kept = held ?? this.held.add(known, 0);
    this.#advance(kept, snapshot, isNews ? key : kept.key);
    return known;
  }

  /** A change was saved: what it changed is in the record now, and what others did. */
  saved(record: SessionRecord, snapshot: Snapshot, change: SessionChange): void {
    const own = savedBy(change, snapshot.version);
    update(record, { ...snapshot, components: [...snapshot.components, ...own] });
    this.#keep(record, snapshot, change.rotatedTo ?? record.key);
  }

  /** A change of components was saved, and there is nothing else that is new. */
  savedSame(
    record: SessionRecord,
    { stamp, touchedAt }: Touched & { readonly stamp: string },
    change: SessionChange,
  ): void {
    const version = Number.parseInt(stamp, 10);
    touched(record, touchedAt);
    record.components = changed(record.components, savedBy(change, version));
    this.#keep(record, { version, stamp }, record.key);
  }

  /** Tells of an event that has come up. */
  tell(event: SessionEvent): void {
    const id = event.get('id') ?? '';
    const key = event.get('key') ?? '';
    const held = this.held.ofId(id);
    if (event.get('kind') === 'rotated') {
      if (held !== undefined && held.key === event.get('from')) this.held.move(held, key);
      return;
    }
    const end = endOf(event);
    const record = held?.record.deref();
    if (record === undefined) return this.#end(end.record, end.reason, end.at);
    // Of a session that was lost there is only what is known here.
    if (event.has('version')) {
      update(record, readEvent(event));
    }
    this.#end(record, end.reason, end.at);
  }

  /** A session is gone, and nothing says so any more. */
  lose(record: SessionRecord, reason: string, at: number): void {
    this.#end(record, reason, at);
  }

  stop(): void {
    this.held.clear();
    this.#ends.complete();
  }

  #known(held: Held | undefined): Known {
    const record = held?.record.deref();
    if (held === undefined || record === undefined) return UNKNOWN;
    return { record, version: held.version, stamp: held.stamp };
  }

  #keep(record: SessionRecord, state: HeldState, key: string): void {
    if (this.#isOver(record)) return;
    this.#advance(this.held.ofId(record.id) ?? this.held.add(record, 0), state, key);
  }

  #advance(held: Held, { version, stamp }: HeldState, key: string): void {
    const isPlaced = held.version !== UNKNOWN.version && held.key === key;
    held.version = version;
    held.stamp = stamp;
    if (!isPlaced) this.held.move(held, key);
  }

  /** Whether an answer about the session comes too late: its end has been told of. */
  #isOver(record: SessionRecord): boolean {
    record.ended ??= this.#told.reasonOf(record.id);
    return record.ended !== undefined;
  }

  #end(record: SessionRecord, reason: string, at: number): void {
    if (this.#isOver(record)) return;
    const held = this.held.ofId(record.id);
    record.ended = reason;
    this.#told.add(record.id, reason);
    if (held !== undefined) this.held.drop(held);
    this.#ends.next({ eventId: `${record.id}:ended`, record, reason, at });
  }
}

function savedBy({ components = [] }: SessionChange, revision: number): readonly SavedComponent[] {
  return components.map(({ key, text = '' }) => ({ key, text, revision }));
}

/** In what a change conflicts that the server has refused, now that the record has what the server has. */
export function conflictOf(record: SessionRecord, change: SessionChange): SessionCommit {
  if (record.ended !== undefined) return { kind: 'ended', reason: record.ended };
  const stale = staleOf(record, change.components).map(({ key }) => key);
  return { kind: 'conflict', components: stale.length > 0 ? stale : [UID] };
}

/** An end as its event tells of it, with a record that nobody holds. */
export function endOf(event: SessionEvent): SessionEnd {
  const record = recordOf(readEvent(event), event.get('key') ?? '');
  return {
    eventId: `${record.id}:ended`,
    record,
    reason: event.get('reason') ?? 'lost',
    at: Number(event.get('at')) / 1000,
  };
}
