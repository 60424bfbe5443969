import { map, type Observable } from 'rxjs';
import {
  MemorySessionStore,
  type SessionChange,
  type SessionCommit,
  SessionDirectory,
  type SessionEnd,
  type SessionFilter,
  type SessionRecord,
  SessionStore,
  type SessionStoreSettings,
} from 'nestjs-live-session';

/**
 * A store as one in a database is: records come and go by value, as JSON, and every answer is a
 * promise. What would be the database is a memory store behind it, that several nodes can share.
 */
export class CopyingStore extends SessionStore {
  override readonly directory: SessionDirectory;
  readonly ends$: Observable<SessionEnd>;
  readonly #own = new MemorySessionStore();
  /** The records that this node holds, by public handle: it holds one of each session. */
  readonly #held = new Map<string, SessionRecord>();

  /** @param first the node whose database this one shares; without it there is a new one */
  constructor(private readonly first?: CopyingStore) {
    super();
    this.directory = new CopyingDirectory(this.database.directory, (record) =>
      this.#copyOut(record),
    );
    this.ends$ = this.database.ends$.pipe(
      map((end) => ({ ...end, record: this.#copyOut(end.record) })),
    );
  }

  get database(): MemorySessionStore {
    return this.first?.database ?? this.#own;
  }

  /** The same, as one that may take its time. */
  private get inner(): SessionStore {
    return this.database;
  }

  /** Lets go of the records that it holds, as a node that starts again: each is read anew. */
  forget(): void {
    this.#held.clear();
  }

  override held(key: string): SessionRecord | undefined {
    const living = [...this.#held.values()].filter(({ ended }) => ended === undefined);
    return living.find((record) => record.key === key);
  }

  async start(settings: SessionStoreSettings): Promise<void> {
    if (this.first === undefined) await this.inner.start(settings);
  }

  async stop(): Promise<void> {
    if (this.first === undefined) await this.inner.stop();
  }

  async create(record: SessionRecord): Promise<void> {
    await this.inner.create(copyOf(record));
    this.#held.set(record.id, record);
  }

  async open(
    key: string,
    touch: boolean,
    secure?: boolean,
  ): Promise<SessionRecord | 'rotated' | undefined> {
    const stored = await this.inner.open(key, touch, secure);
    return typeof stored === 'object' ? this.#copyOut(stored) : stored;
  }

  async commit(record: SessionRecord, change: SessionChange): Promise<SessionCommit> {
    const stored = await this.inner.directory.find(record.id);
    if (stored === undefined) return { kind: 'ended', reason: record.ended };
    const outcome = await this.inner.commit(stored, copyOfChange(change));
    if (outcome.kind === 'saved' || outcome.kind === 'conflict') this.#copyOut(stored);
    return outcome;
  }

  async end(record: SessionRecord, reason: string): Promise<void> {
    const stored = await this.inner.directory.find(record.id);
    if (stored !== undefined) await this.inner.end(stored, reason);
  }

  #copyOut(stored: SessionRecord): SessionRecord {
    const copy = copyOf(stored);
    const held = this.#held.get(stored.id);
    if (held !== undefined) return Object.assign(held, copy, { live: held.live });
    this.#held.set(stored.id, copy);
    return copy;
  }
}

class CopyingDirectory extends SessionDirectory {
  constructor(
    private readonly directory: SessionDirectory,
    private readonly copyOut: (record: SessionRecord) => SessionRecord,
  ) {
    super();
  }

  async find(id: string): Promise<SessionRecord | undefined> {
    const stored = await this.directory.find(id);
    return stored && this.copyOut(stored);
  }

  async count(): Promise<number> {
    return this.directory.count();
  }

  async *list(filter: SessionFilter): AsyncIterable<SessionRecord> {
    for await (const stored of this.directory.list(filter)) yield this.copyOut(stored);
  }

  async endAll(
    principal: string,
    reason: string,
    except: SessionRecord | undefined,
  ): Promise<number> {
    const spared = except && (await this.directory.find(except.id));
    return this.directory.endAll(principal, reason, spared);
  }
}

function copyOf(record: SessionRecord): SessionRecord {
  const components = record.components && [...record.components];
  const copy = JSON.parse(JSON.stringify({ ...record, components, live: undefined }));
  // What JSON leaves out is there all the same, lest an older value outlives it.
  const absent = Object.fromEntries(Object.keys(record).map((name) => [name, undefined]));
  return {
    ...absent,
    ...copy,
    components: copy.components && new Map(copy.components),
    live: undefined,
  };
}

function copyOfChange(change: SessionChange): SessionChange {
  return JSON.parse(JSON.stringify(change));
}
