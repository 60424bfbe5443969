import { type Observable, Subject } from 'rxjs';
import { type Held, HeldRecords } from '../store/held-records.js';
import { type SessionRecord } from '../store/session-record.js';
import { type SessionChange, type SessionEnd } from '../store/session.store.js';
import { type SessionEvent } from './event-tail.js';
import { readEvent, recordOf, type Snapshot, update } from './redis-record.js';
import { ToldEnds } from './told-ends.js';

/**
 * What this node knows of the sessions: the one record of each that is held here, brought up to date by
 * every answer and event, and the ends that it has been told of.
 */
export class LocalSessions {
  readonly held = new HeldRecords();
  readonly #told = new ToldEnds();
  readonly #ends = new Subject<SessionEnd>();

  readonly ends$: Observable<SessionEnd> = this.#ends.asObservable();

  /** A session that was made here. */
  made(record: SessionRecord, at: number): void {
    Object.assign(record, { createdAt: at, lastModified: at });
    if (!this.#isOver(record)) this.held.add(record, 0);
  }

  /**
   * The record that a snapshot is of; `undefined` where the session has ended since.
   *
   * @param record the one that was held when it was asked for, so that the snapshot may build on it
   * @param version up to which it was complete then
   */
  found(
    snapshot: Snapshot,
    key: string,
    record: SessionRecord | undefined,
    version: number,
  ): SessionRecord | undefined {
    const held = this.held.ofId(snapshot.id);
    const known = record ?? held?.record.deref();
    if (known === undefined) {
      const added = recordOf(snapshot, key);
      if (this.#isOver(added)) return undefined;
      this.held.add(added, snapshot.version);
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
    this.#advance(kept, snapshot.version, isNews ? key : kept.key);
    return known;
  }

  /** A change was saved: what it changed is in the record now, and what others did. */
  saved(record: SessionRecord, snapshot: Snapshot, change: SessionChange): void {
    const own = (change.components ?? []).map(({ key, text = '' }) => ({
      key,
      text,
      revision: snapshot.version,
    }));
    const components = [...snapshot.components, ...own];
    update(record, { ...snapshot, components });
    if (this.#isOver(record)) return;
    const held = this.held.ofId(record.id) ?? this.held.add(record, 0);
    this.#advance(held, snapshot.version, change.rotatedTo ?? record.key);
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

  #advance(held: Held, version: number, key: string): void {
    held.version = version;
    if (held.key !== key) this.held.move(held, key);
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
