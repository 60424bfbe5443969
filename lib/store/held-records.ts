import { type SessionRecord } from './session-record.js';

/** Which state of a session a record has. */
export interface HeldState {
  /** Up to which version of the session the record is complete. */
  version: number;
  /** What the store knows this state by. */
  stamp: string;
}

/** A record that somebody on this node may hold. */
export interface Held extends HeldState {
  readonly record: WeakRef<SessionRecord>;
  readonly id: string;
  key: string;
}

/**
 * The records that a node holds of sessions whose store is elsewhere: one object a session, for as
 * long as somebody holds it. It is not kept alive for that.
 */
export class HeldRecords {
  readonly #byId = new Map<string, Held>();
  readonly #byKey = new Map<string, Held>();
  readonly #collected = new FinalizationRegistry<Held>((held) => this.#forget(held));

  ofId(id: string): Held | undefined {
    return this.#living(this.#byId.get(id));
  }

  ofKey(key: string): Held | undefined {
    return this.#living(this.#byKey.get(key));
  }

  /** Holds a record that is complete up to a version. */
  add(record: SessionRecord, version: number, stamp = String(version)): Held {
    const held = this.expect(record, version, stamp);
    this.#byKey.set(held.key, held);
    return held;
  }

  /** Holds a record whose session may not have its key yet: until it is moved there, it is found by its handle only. */
  expect(record: SessionRecord, version: number, stamp = String(version)): Held {
    const held = { record: new WeakRef(record), id: record.id, key: record.key, version, stamp };
    this.#byId.set(held.id, held);
    this.#collected.register(record, held, held);
    return held;
  }

  /** The session has another key from now on. */
  move(held: Held, key: string): void {
    if (this.#byKey.get(held.key) === held) this.#byKey.delete(held.key);
    held.key = key;
    this.#byKey.set(key, held);
    const record = held.record.deref();
    if (record !== undefined) record.key = key;
  }

  /** The session has ended. */
  drop(held: Held): void {
    this.#collected.unregister(held);
    this.#forget(held);
  }

  /** All that are still alive. */
  *all(): Iterable<Held> {
    for (const held of this.#byId.values()) if (this.#living(held) !== undefined) yield held;
  }

  clear(): void {
    for (const held of this.#byId.values()) this.#collected.unregister(held);
    this.#byId.clear();
    this.#byKey.clear();
  }

  #living(held: Held | undefined): Held | undefined {
    return held?.record.deref() === undefined ? undefined : held;
  }

  #forget(held: Held): void {
    if (this.#byId.get(held.id) === held) this.#byId.delete(held.id);
    if (this.#byKey.get(held.key) === held) this.#byKey.delete(held.key);
  }
}
