import { type SessionRecord } from './session-record.js';

/** As many as there are values of six bits, which is what a character of base64url carries. */
const SHARDS = 64;

/**
 * Records by key, in many small hash tables. A table that grows or shrinks moves everything that it
 * holds in one go: a million records in a single one would keep all else waiting for that.
 */
export class RecordTable {
  readonly #shards: Map<string, SessionRecord>[] = [];

  get(key: string): SessionRecord | undefined {
    return this.#shardOf(key).get(key);
  }

  set(key: string, record: SessionRecord): void {
    this.#shardOf(key).set(key, record);
  }

  delete(key: string): void {
    this.#shardOf(key).delete(key);
  }

  clear(): void {
    this.#shards.length = 0;
  }

  #shardOf(key: string): Map<string, SessionRecord> {
    const index = key.charCodeAt(0) % SHARDS || 0;
    return (this.#shards[index] ??= new Map());
  }
}
