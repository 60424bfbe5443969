import { type SessionRecord } from './session-record.js';

/** As many as there are values of six bits, which is what a character of base64url carries. */
const SHARDS = 64;

/** One of the tables; those that have ended may still be there. */
interface Shard {
  records: Map<string, SessionRecord>;
  ended: number;
}

/**
 * Records by key, in many small hash tables. A table that grows or shrinks moves everything that it
 * holds in one go: a million records in a single one would keep all else waiting for that.
 *
 * A record tells itself that it has ended, so one that goes is only counted: a table that all leave at
 * once need not be searched for each. One where the ended outnumber the living waits to be tidied.
 */
export class RecordTable {
  readonly #shards: Shard[] = [];
  readonly #crowded = new Set<Shard>();

  /** Whether there is something to {@link tidy}. */
  get isCrowded(): boolean {
    return this.#crowded.size > 0;
  }

  get(key: string): SessionRecord | undefined {
    const record = this.#shardOf(key).records.get(key);
    return record?.ended === undefined ? record : undefined;
  }

  /** Takes in a record whose key no living one has. */
  add(record: SessionRecord): void {
    const shard = this.#shardOf(record.key);
    const { size } = shard.records;
    shard.records.set(record.key, record);
    // It has taken the place of one that has ended.
    if (shard.records.size === size) shard.ended--;
  }

  /** A living record is about to get another key. */
  release({ key }: SessionRecord): void {
    const shard = this.#shardOf(key);
    shard.records.delete(key);
    this.#weigh(shard);
  }

  /** A record that is in here has ended. Returns whether there is a table more to {@link tidy} now. */
  drop({ key }: SessionRecord): boolean {
    const shard = this.#shardOf(key);
    const { size } = this.#crowded;
    shard.ended++;
    this.#weigh(shard);
    return this.#crowded.size > size;
  }

  /** Clears one table of the ended. Returns whether there was one to clear. */
  tidy(): boolean {
    for (const shard of this.#crowded) {
      const living = new Map<string, SessionRecord>();
      for (const [key, record] of shard.records) {
        if (record.ended === undefined) living.set(key, record);
      }
      this.#replace(shard, living);
      return true;
    }
    return false;
  }

  clear(): void {
    this.#shards.length = 0;
    this.#crowded.clear();
  }

  #weigh(shard: Shard): void {
    const { ended, records } = shard;
    if (ended === records.size) this.#replace(shard, new Map());
    else if (2 * ended > records.size) this.#crowded.add(shard);
  }

  #replace(shard: Shard, records: Map<string, SessionRecord>): void {
    shard.records = records;
    shard.ended = 0;
    this.#crowded.delete(shard);
  }

  #shardOf(key: string): Shard {
    const index = key.charCodeAt(0) % SHARDS || 0;
    return (this.#shards[index] ??= { records: new Map(), ended: 0 });
  }
}
