import { type ShardKeys } from './redis-keys.js';
import { type RedisLink } from './redis-link.js';

/** Something that happened to a session, by its fields. */
export type SessionEvent = ReadonlyMap<string, string>;

/** How many events are read at a time: so few that nothing else waits long for them to be told. */
const BATCH = 100;

/**
 * How a node follows what happens in a shard: it reads the events from where it has come to, in their
 * order, each once. The place is taken when it starts, before it serves anybody.
 */
export class EventTail {
  #cursor = '0-0';
  #reading: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(
    private readonly link: RedisLink,
    private readonly keys: ShardKeys,
    private readonly tell: (event: SessionEvent) => void,
  ) {}

  /** The last event that was read. */
  get cursor(): string {
    return this.#cursor;
  }

  /** From here on: what has happened before is nobody's business on this node. */
  async start(): Promise<void> {
    const { events } = this.keys;
    const [last] = entriesOf(
      await this.link.send(events, ['XREVRANGE', events, '+', '-', 'COUNT', '1']),
    );
    if (last !== undefined) this.#cursor = last.id;
  }

  /** The events that were read are gone, and there are others. */
  restart(): void {
    this.#cursor = '0-0';
  }

  /** Reads whatever has happened before it was called, and tells of it. */
  read(): Promise<void> {
    if (this.#reading !== undefined) {
      // What is under way may have been asked too early.
      const again = (): Promise<void> => this.read();
      this.#next ??= this.#reading.then(again, again);
      return this.#next;
    }
    this.#next = undefined;
    this.#reading = this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** Reads on until an event that is known to be there. */
  async reach(id: string): Promise<void> {
    if (isEarlier(this.#cursor, id)) await this.read();
  }

  async #read(): Promise<void> {
    const { events } = this.keys;
    for (;;) {
      const range = ['XRANGE', events, `(${this.#cursor}`, '+', 'COUNT', String(BATCH)];
      const entries = entriesOf(await this.link.send(events, range));
      for (const { id, event } of entries) {
        this.#cursor = id;
        this.tell(event);
      }
      if (entries.length < BATCH) return;
    }
  }
}

/** The entries of a stream, as XRANGE and its kin return them. Those that were deleted are left out. */
export function entriesOf(reply: unknown): readonly { id: string; event: SessionEvent }[] {
  if (!Array.isArray(reply)) return [];
  return reply
    .filter((entry): entry is [unknown, unknown[]] => Array.isArray(entry?.[1]))
    .map(([id, fields]) => ({ id: String(id), event: pairsOf(fields) }));
}

/** The fields of an entry, which come flat. */
export function pairsOf(fields: readonly unknown[]): SessionEvent {
  const pairs = new Map<string, string>();
  for (let i = 0; i < fields.length; i += 2) pairs.set(String(fields[i]), String(fields[i + 1]));
  return pairs;
}

/** Whether one entry of a stream comes before another. */
function isEarlier(a: string, b: string): boolean {
  const [aTime = 0, aNumber = 0] = a.split('-').map(Number);
  const [bTime = 0, bNumber = 0] = b.split('-').map(Number);
  return aTime === bTime ? aNumber < bNumber : aTime < bTime;
}
