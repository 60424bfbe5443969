import { type Observable } from 'rxjs';
import { SessionOptionError, SessionStoreUnavailableError } from '../errors/session.errors.js';
import { type SessionRecord } from '../store/session-record.js';
import {
  type SessionChange,
  type SessionCommit,
  type SessionEnd,
  SessionStore,
  type SessionStoreSettings,
} from '../store/session.store.js';
import { UID } from '../store/rotation.js';
import { SharedLoads } from '../store/shared-loads.js';
import { conflictOf, LocalSessions } from './local-sessions.js';
import { RedisDirectory } from './redis.directory.js';
import { type Trace } from './redis-answers.js';
import { RedisHealth, type RedisState } from './redis-health.js';
import { RedisLimits } from './redis-limits.js';
import { RedisNode, type TailedShard } from './redis-node.js';
import {
  type RedisStoreOptions,
  type ResolvedRedisOptions,
  resolveRedisOptions,
} from './redis-options.js';
import { type Member } from './redis-shard.js';
import { touched } from './redis-record.js';
import { RedisSweeper } from './redis-sweeper.js';
import { RedisWork } from './redis-work.js';

/**
 * Sessions in Redis (6.2 or later) or Valkey (7.2 or later), for any number of nodes: a single server,
 * Sentinel or Cluster. It needs the package `redis`, node-redis.
 *
 * Each operation happens on the server wholly or not at all, and goes by the server's clock. A request
 * that reads takes one script, one that writes two, and those that come at the same time share them; a
 * request that asks for no session takes none.
 *
 * @example
 * ```ts
 * SessionModule.forRoot(900, { store: new RedisSessionStore({ url: 'redis://127.0.0.1:6379' }) })
 * ```
 * @publicApi
 */
export class RedisSessionStore extends SessionStore {
  readonly #options: ResolvedRedisOptions;
  readonly #sessions = new LocalSessions();
  readonly #health = new RedisHealth();
  readonly #loads = new SharedLoads<SessionRecord | 'rotated' | undefined>();
  #settings: SessionStoreSettings | undefined;
  #node: RedisNode | undefined;
  #sweeper: RedisSweeper | undefined;

  override readonly ends$: Observable<SessionEnd> = this.#sessions.ends$;
  override readonly directory = new RedisDirectory(() => this.#started, this.#sessions);

  override readonly work: RedisWork;
  readonly #limits = new RedisLimits({
    directory: this.directory,
    settings: () => this.#startedWith,
    end: (member) => this.#end(member, 'limit'),
  });

  /** @throws SessionOptionError for options that make no sense */
  constructor(options: RedisStoreOptions) {
    super();
    this.#options = resolveRedisOptions(options);
    this.work = new RedisWork({
      options: this.#options,
      health: this.#health,
      node: () => this.#started,
      settings: () => this.#startedWith,
    });
  }

  /** Whether the server answers: for health checks. */
  get health(): RedisState {
    return this.#health.state;
  }

  /** The same as it changes; who subscribes is told at once how it is now. */
  get health$(): Observable<RedisState> {
    return this.#health.changes$;
  }

  override timeAt(nodeTime: number): number {
    return this.#node?.clock.timeAt(nodeTime) ?? nodeTime;
  }

  /** A session stays in its shard for life, so that a rotation is one step of one server. */
  override accepts(record: SessionRecord, key: string): boolean {
    return this.#started.of(key) === this.#started.of(record.key);
  }

  /** @throws SessionOptionError where the server cannot be reached or used, and says why */
  async start(settings: SessionStoreSettings): Promise<void> {
    if (this.#settings !== undefined) {
      throw new SessionOptionError(
        'store',
        'has served another application already: make one for each, in the factory of forRootAsync() where a module is booted more than once.',
      );
    }
    this.#settings = settings;
    this.#node = await RedisNode.start(this.#options, settings, this.#health, {
      tell: (event) => this.#sessions.tell(event),
      ready: (node) => this.#ready(node, settings),
    });
  }

  async stop(): Promise<void> {
    this.#sweeper?.stop();
    this.work.stop();
    this.#health.stop();
    await this.#node?.stop();
    this.#sessions.stop();
  }

  override held(key: string): SessionRecord | undefined {
    return this.#sessions.known(key).record;
  }

  async create(record: SessionRecord): Promise<void> {
    const { shard } = this.#started.of(record.key);
    this.#sessions.making(record);
    const most = this.#limits.mostIn(this.#started.shards.length);
    for (let filed: string | undefined; ;) {
      const created = await shard.create(record, most);
      switch (created.kind) {
        case 'made':
          return this.#sessions.made(record, created.at);
        case 'taken':
          throw new SessionStoreUnavailableError(new Error('This key is in the store already.'));
        case 'full':
          filed = await this.#limits.makeRoom(shard, created.first, filed);
      }
    }
  }

  open(
    key: string,
    touch: boolean,
    secure?: boolean,
  ): Promise<SessionRecord | 'rotated' | undefined> {
    return this.#loads.get(`${key} ${touch} ${secure}`, () => this.#open(key, touch, secure));
  }

  async commit(record: SessionRecord, change: SessionChange): Promise<SessionCommit> {
    const most = change.login === undefined ? 0 : this.#limits.mostOfPrincipal;
    for (;;) {
      const { key } = record;
      const { shard } = this.#started.of(key);
      const known = this.#sessions.knownOf(record);
      const answer = await shard.commit(key, change, known.stamp, most);
      switch (answer.kind) {
        case 'same':
          this.#sessions.savedSame(record, answer, change);
          return { kind: 'saved' };
        case 'saved':
          this.#sessions.saved(record, answer.snapshot, change);
          return { kind: 'saved' };
        case 'conflict':
          this.#sessions.found(answer.snapshot, key, { ...known, record });
          return conflictOf(record, change);
        case 'full':
          if (!(await this.#limits.makeRoomAmong(shard, answer.rivals))) {
            return { kind: 'refused', limit: most };
          }
          break;
        case 'none': {
          if (!(await this.#follow(record, answer))) {
            return { kind: 'ended', reason: record.ended };
          }
          // Who was told another uid meanwhile must not be given a third one.
          if (change.rotatedTo !== undefined) return { kind: 'conflict', components: [UID] };
        }
      }
    }
  }

  async end(record: SessionRecord, reason: string): Promise<void> {
    while (record.ended === undefined) {
      const answer = await this.#end(record, reason);
      if (answer === undefined || this.#sessions.isMaking(record)) return;
      if (!(await this.#follow(record, answer))) return;
    }
  }

  get #startedWith(): SessionStoreSettings {
    if (this.#settings === undefined) throw new Error('The store was used before start().');
    return this.#settings;
  }

  get #started(): RedisNode {
    if (this.#node === undefined) throw new SessionStoreUnavailableError();
    return this.#node;
  }

  async #ready(node: RedisNode, settings: SessionStoreSettings): Promise<void> {
    this.#node = node;
    if (settings.maxPerPrincipal !== undefined && node.shards.length > 1) {
      this.#health.warn(
        `maxPerPrincipal holds in each of the ${node.shards.length} shards, not over all of them: begin with shards: 1 where it must.`,
      );
    }
    this.#sweeper = new RedisSweeper({
      node,
      directory: this.directory,
      options: this.#options,
      settings,
      reconcile: () => this.#reconcile(node),
      work: () => this.work.work(),
    });
    await this.work.begin();
    this.#sweeper.start();
  }

  async #open(
    key: string,
    touch: boolean,
    secure: boolean | undefined,
  ): Promise<SessionRecord | 'rotated' | undefined> {
    const known = this.#sessions.known(key);
    const opened = await this.#started.of(key).shard.open(key, touch, secure, known.stamp);
    if (opened.kind !== 'none') {
      const found = this.#sessions.opened(opened, key, known);
      if (touch && found !== undefined) touched(found, opened.now / 1000);
      return found;
    }
    if (opened.trace === 'rotated' && opened.isGraced) {
      return this.#open(opened.key, touch, secure);
    }
    const { record } = known;
    if (record !== undefined && !this.#sessions.isMaking(record))
      await this.#follow(record, opened);
    return opened.trace === 'rotated' ? 'rotated' : undefined;
  }

  /**
   * Learns what has become of a session that is not where it was held to be. Whether it is alive, by
   * another key.
   */
  async #follow(record: SessionRecord, trace: Trace): Promise<boolean> {
    if (trace.trace === 'hidden') return true;
    if (trace.trace === 'unknown') {
      // Where the index knows of it still, its end is told everywhere.
      const known = await this.#end(record, '');
      if (known === undefined) return record.ended === undefined;
      if (known.trace !== 'unknown') return this.#follow(record, known);
    }
    if (trace.trace === 'rotated') {
      const held = this.#sessions.held.ofId(record.id);
      if (held === undefined) record.key = trace.key;
      else this.#sessions.held.move(held, trace.key);
      return true;
    }
    // Its event has the final state. Where it cannot be read now, it is told when it can.
    if (trace.trace === 'ended' && !(await this.#read(this.#started.of(record.key)))) return false;
    if (record.ended !== undefined) return false;
    const now = this.timeAt(this.#startedWith.reactor.seconds());
    this.#sessions.lose(record, trace.trace === 'ended' ? trace.reason : 'lost', now);
    return false;
  }

  /** Ends a session, and tells of it before it returns. What is known instead where it has not been there. */
  async #end({ id, key }: Member, reason: string): Promise<Trace | undefined> {
    const place = this.#started.of(key);
    const ending = place.shard.end({ id, key }, reason);
    // Asked at once and answered after it, so that both are one trip.
    const telling = this.#read(place);
    const answer = await ending;
    if (answer.kind === 'none') return answer;
    await telling;
    if (answer.kind === 'ended') await place.tail.reach(answer.entry).catch(() => {});
    return undefined;
  }

  /** Whether everything was told that has happened. What was not is told by the next reading. */
  async #read({ tail }: TailedShard): Promise<boolean> {
    return tail.read().then(
      () => true,
      () => false,
    );
  }

  /** Asks after every session that is held here, a few at a time; where some fail, after the rest, too. */
  async #reconcile(node: RedisNode): Promise<void> {
    const held = [...this.#sessions.held.all()];
    for (let start = 0; start < held.length; start += 100) {
      const some = held.slice(start, start + 100);
      await Promise.allSettled(
        some.map(async ({ key, record: reference }) => {
          const record = reference.deref();
          if (record === undefined || record.ended !== undefined) return;
          await this.#open(key, false, undefined);
        }),
      );
    }
    await Promise.allSettled(node.shards.map(({ tail }) => tail.read()));
  }
}
