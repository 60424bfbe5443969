import { type Observable } from 'rxjs';
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

type Awaitable<T> = T | Promise<T>;

/** What a store is asked for while requests run. */
export type Operation = 'create' | 'open' | 'commit' | 'end' | 'find' | 'count' | 'endAll';

/**
 * Stands before another store: writes down what is asked of it, and lets the test hold an answer or
 * make it fail.
 */
export class WatchedStore extends SessionStore {
  /** Everything that was asked, in order. */
  readonly asked: Operation[] = [];
  /** Runs before each operation: one that waits holds the answer, one that throws is the answer. */
  before: (operation: Operation) => unknown = () => undefined;
  /** Runs after each operation, and may put another answer in place of the store's. */
  after: (operation: Operation, answer: unknown) => unknown = (_, answer) => answer;

  override readonly embedded: boolean;
  readonly ends$: Observable<SessionEnd>;
  override readonly directory: SessionDirectory;

  constructor(private readonly inner: SessionStore = new MemorySessionStore()) {
    super();
    this.embedded = inner.embedded;
    this.ends$ = inner.ends$;
    this.directory = new WatchedDirectory(inner.directory, (operation, ask) =>
      this.#ask(operation, ask),
    );
  }

  override keyOf(uid: string): string {
    return this.inner.keyOf(uid);
  }

  override timeAt(nodeTime: number): number {
    return this.inner.timeAt(nodeTime);
  }

  override held(key: string): SessionRecord | 'unknown' | undefined {
    return this.inner.held(key);
  }

  start(settings: SessionStoreSettings): Awaitable<void> {
    return this.inner.start(settings);
  }

  stop(): Awaitable<void> {
    return this.inner.stop();
  }

  create(record: SessionRecord): Awaitable<void> {
    return this.#ask('create', () => this.inner.create(record));
  }

  open(
    key: string,
    touch: boolean,
    secure?: boolean,
  ): Awaitable<SessionRecord | 'rotated' | undefined> {
    return this.#ask('open', () => this.inner.open(key, touch, secure));
  }

  commit(record: SessionRecord, change: SessionChange): Awaitable<SessionCommit> {
    return this.#ask('commit', () => this.inner.commit(record, change));
  }

  end(record: SessionRecord, reason: string): Awaitable<void> {
    return this.#ask('end', () => this.inner.end(record, reason));
  }

  #ask<T>(operation: Operation, ask: () => Awaitable<T>): Awaitable<T> {
    this.asked.push(operation);
    const before = this.before(operation);
    if (this.embedded) return this.after(operation, ask()) as T;
    return this.#askLater(operation, before, ask);
  }

  async #askLater<T>(operation: Operation, before: unknown, ask: () => Awaitable<T>): Promise<T> {
    await before;
    return (await this.after(operation, await ask())) as T;
  }
}

type Ask = <T>(operation: Operation, ask: () => Awaitable<T>) => Awaitable<T>;

class WatchedDirectory extends SessionDirectory {
  constructor(
    private readonly inner: SessionDirectory,
    private readonly ask: Ask,
  ) {
    super();
  }

  find(id: string): Awaitable<SessionRecord | undefined> {
    return this.ask('find', () => this.inner.find(id));
  }

  count(): Awaitable<number> {
    return this.ask('count', () => this.inner.count());
  }

  list(filter: SessionFilter): AsyncIterable<SessionRecord> {
    return this.inner.list(filter);
  }

  endAll(principal: string, reason: string, except: SessionRecord | undefined): Awaitable<number> {
    return this.ask('endAll', () => this.inner.endAll(principal, reason, except));
  }
}
