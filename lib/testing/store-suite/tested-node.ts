import { SystemRandomSource } from '../../session/random-source.js';
import { type SessionRecord } from '../../store/session-record.js';
import {
  type SessionChange,
  type SessionCommit,
  type SessionEnd,
  type SessionFilter,
  type SessionStore,
} from '../../store/session.store.js';

/** What a test may say about a new session. */
export type NewSession = Partial<
  Pick<SessionRecord, 'key' | 'secure' | 'sessionTimeout' | 'absoluteTimeout'>
>;

/** One node of the tested store, and what it has been told. */
export class TestedNode {
  readonly ends: SessionEnd[] = [];
  isComplete = false;
  readonly #random = new SystemRandomSource();

  constructor(
    readonly store: SessionStore,
    private readonly nextId: () => string,
    private readonly nodeTime: () => number,
  ) {
    store.ends$.subscribe({
      next: (end) => this.ends.push(end),
      complete: () => (this.isComplete = true),
    });
  }

  /** A key that no session has. */
  newKey(): string {
    return this.store.keyOf(this.#random.token(32));
  }

  /** A session of 900 seconds, absolutely over after 3,600, that is not in the store yet. */
  newRecord(given: NewSession = {}): SessionRecord {
    const now = this.store.timeAt(this.nodeTime());
    return {
      key: this.newKey(),
      id: this.nextId(),
      secure: undefined,
      createdAt: now,
      lastModified: now,
      sessionTimeout: 900,
      absoluteTimeout: 3600,
      principal: undefined,
      level: undefined,
      loggedInAt: undefined,
      components: undefined,
      ended: undefined,
      live: undefined,
      ...given,
    };
  }

  async make(given: NewSession = {}): Promise<SessionRecord> {
    const record = this.newRecord(given);
    await this.store.create(record);
    return record;
  }

  async makeMany(count: number, given: NewSession = {}): Promise<readonly SessionRecord[]> {
    const made: SessionRecord[] = [];
    while (made.length < count) made.push(await this.make(given));
    return made;
  }

  /** The live session of a key, untouched; `undefined` also where a rotation has retired the key. */
  async live(key: string): Promise<SessionRecord | undefined> {
    const found = await this.store.open(key, false);
    return typeof found === 'object' ? found : undefined;
  }

  async touch(key: string): Promise<void> {
    await this.store.open(key, true);
  }

  async commit(record: SessionRecord, change: SessionChange = {}): Promise<SessionCommit> {
    return this.store.commit(record, change);
  }

  /** Saves a component as this node knows it; without a text it is removed. */
  write(record: SessionRecord, key: string, text: string | undefined): Promise<SessionCommit> {
    const revision = record.components?.get(key)?.revision ?? 0;
    return this.commit(record, { components: [{ key, text, revision }] });
  }

  /** As `session.login()` does: always with a new key. */
  login(record: SessionRecord, principal: string, level?: string): Promise<SessionCommit> {
    const at = this.store.timeAt(this.nodeTime());
    return this.commit(record, { rotatedTo: this.newKey(), login: { principal, level, at } });
  }

  async makeFor(principal: string, given: NewSession = {}): Promise<SessionRecord> {
    const record = await this.make(given);
    await this.login(record, principal);
    return record;
  }

  async rotate(record: SessionRecord): Promise<SessionCommit> {
    return this.commit(record, { rotatedTo: this.newKey() });
  }

  async end(record: SessionRecord, reason: string): Promise<void> {
    await this.store.end(record, reason);
  }

  /** The handles of the sessions that a listing yields. */
  async list(filter: SessionFilter = {}): Promise<readonly string[]> {
    const ids: string[] = [];
    for await (const { id } of this.store.directory.list(filter)) ids.push(id);
    return ids;
  }

  async count(): Promise<number> {
    return this.store.directory.count();
  }

  /** Why each session ended, in the order in which this node was told. */
  get reasons(): readonly string[] {
    return this.ends.map(({ reason }) => reason);
  }
}

/** The state of a component, as a node has it. */
export function textOf(record: SessionRecord | undefined, key: string): string | undefined {
  return record?.components?.get(key)?.text;
}
