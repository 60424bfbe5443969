/** How many session keys spread over shards: the first two characters of a hash, 6 bits each. */
const MOST_SHARDS = 64 * 64;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The keys of one shard. They carry one hash tag, so that Redis Cluster keeps them in one slot. */
export class ShardKeys {
  readonly #tag: string;
  /** What all scripts are given first: clock, deadlines, handles, principals, revocations, events. */
  readonly common: readonly string[];

  constructor(prefix: string, shard: number) {
    this.#tag = `{${prefix}:s${shard}}:`;
    this.common = ['clk', 'due', 'ids', 'who', 'rev', 'ev'].map((name) => this.#tag + name);
  }

  get clock(): string {
    return `${this.#tag}clk`;
  }

  /** A ZSET of `id:hash`, in the order of handles, so of creation. */
  get handles(): string {
    return `${this.#tag}ids`;
  }

  /** A ZSET of `principal:login:id:hash`, so in the order of logins. */
  get logins(): string {
    return `${this.#tag}who`;
  }

  /** A STREAM of ends and rotations. */
  get events(): string {
    return `${this.#tag}ev`;
  }

  /** A HASH of nodes: when each was last there, and how far it has read the events. */
  get nodes(): string {
    return `${this.#tag}nodes`;
  }

  /** A STREAM of the events that a handler could not handle. */
  get dead(): string {
    return `${this.#tag}dead`;
  }

  /** A STRING that says that a piece of work is under way or done. */
  once(name: string): string {
    return `${this.#tag}once:${name}`;
  }

  /** A HASH: one session. */
  session(hash: string): string {
    return `${this.#tag}s:${hash}`;
  }

  /** A STRING: what became of a session that is not there any more. */
  tombstone(hash: string): string {
    return `${this.#tag}t:${hash}`;
  }

  /** What a script about one session is given. */
  of(hash: string): string[] {
    return [...this.common, this.session(hash), this.tombstone(hash)];
  }
}

/** The shard that a session belongs to, for as long as it lives: told by the hash of its uid. */
export function shardOf(hash: string, shards: number): number {
  return (ALPHABET.indexOf(hash.charAt(0)) * 64 + ALPHABET.indexOf(hash.charAt(1))) % shards;
}

/** Whether sessions can be spread evenly over so many shards. */
export function isShardCount(count: number): boolean {
  return Number.isInteger(count) && count > 0 && MOST_SHARDS % count === 0;
}
