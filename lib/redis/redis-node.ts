import { messageOf } from '../errors/error-text.js';
import { SessionOptionError, SessionStoreUnavailableError } from '../errors/session.errors.js';
import { type DelayedCall } from '../reactor/reactor.js';
import { OperationTimeouts } from '../store/operation-timeouts.js';
import { type SessionStoreSettings } from '../store/session.store.js';
import { StoreClock } from '../store/store-clock.js';
import { EventTail, type SessionEvent } from './event-tail.js';
import { examine, isForbidden } from './redis-boot.js';
import { RedisConnection } from './redis-connection.js';
import { type RedisHealth } from './redis-health.js';
import { ShardKeys, shardOf } from './redis-keys.js';
import { RedisLink } from './redis-link.js';
import { type ResolvedRedisOptions } from './redis-options.js';
import { RedisShard } from './redis-shard.js';

/** How long it takes until a boot that failed is tried again, in seconds. */
const BOOT_PAUSE = 0.5;

/** A shard, and how far this node has read its events. */
export interface TailedShard {
  readonly shard: RedisShard;
  readonly tail: EventTail;
}

/**
 * This node's connection to the servers: made, examined and closed here. Until the servers have
 * answered once there are no shards, and whoever asks for one is told that the store is away.
 */
export class RedisNode {
  readonly clock: StoreClock;
  /** Unique among nodes and among the lives of a node. */
  readonly name: string;
  readonly #connection: RedisConnection;
  readonly #timeouts: OperationTimeouts;
  #again: DelayedCall | undefined;
  #shards: readonly TailedShard[] | undefined;
  #problem: unknown;
  #isStopped = false;

  private constructor(
    private readonly options: ResolvedRedisOptions,
    private readonly settings: SessionStoreSettings,
    private readonly health: RedisHealth,
    private readonly tell: (event: SessionEvent) => void,
  ) {
    this.name = settings.random.token(9);
    this.clock = new StoreClock(settings.reactor);
    this.#timeouts = new OperationTimeouts(settings.reactor, options.operationTimeout);
    this.#connection = new RedisConnection(options, settings.reactor, health);
  }

  /**
   * @param ready runs once the servers have answered and every shard is followed
   * @throws SessionOptionError, SessionStoreUnavailableError with `failFast`
   */
  static async start(
    options: ResolvedRedisOptions,
    settings: SessionStoreSettings,
    health: RedisHealth,
    {
      tell,
      ready,
    }: { tell: (event: SessionEvent) => void; ready: (node: RedisNode) => Promise<void> },
  ): Promise<RedisNode> {
    const node = new RedisNode(options, settings, health, tell);
    await node.#start(() => ready(node));
    return node;
  }

  /** All of them. @throws SessionStoreUnavailableError while the servers have not answered yet */
  get shards(): readonly TailedShard[] {
    if (this.#shards === undefined) throw new SessionStoreUnavailableError(this.#problem);
    return this.#shards;
  }

  /** The one that the session with a key is in. */
  of(key: string): TailedShard {
    const { shards } = this;
    const shard = shards[shardOf(key, shards.length)];
    if (shard === undefined) throw new SessionStoreUnavailableError(this.#problem);
    return shard;
  }

  /** Closes the connection, unless it is somebody else's. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#again?.active() === true) this.#again.cancel();
    if (this.health.state === 'up') await this.#leave();
    await this.#connection.close();
    this.#timeouts.stop();
  }

  async #start(ready: () => Promise<void>): Promise<void> {
    try {
      await this.#boot(ready);
    } catch (failure) {
      const error = causeOf(failure);
      const problem = isForbidden(error) ? forbidden(error) : error;
      if (problem instanceof SessionOptionError || this.options.failFast) {
        await this.stop();
        throw problem instanceof SessionOptionError ? problem : unreachable(problem);
      }
      this.health.warn(`Redis is not there yet; sessions will be when it is: ${messageOf(error)}`);
      this.#bootLater(ready, error);
    }
  }

  async #boot(ready: () => Promise<void>): Promise<void> {
    const client = await this.#connection.open();
    const count = await examine(client, this.#link(), this.options, this.health);
    const shards = Array.from({ length: count }, (_, index) => this.#tailed(index));
    // This is also how it is found out whether scripts may be run, and may write.
    await Promise.all(shards.map(({ shard }) => shard.announce(this.name)));
    await Promise.all(shards.map(({ tail }) => tail.start()));
    if (this.#isStopped) return;
    this.#shards = shards;
    try {
      await ready();
    } catch (error) {
      this.#shards = undefined;
      throw error;
    }
  }

  /** Tries until it succeeds. What the servers answer may keep it from that, and is then reported once. */
  #bootLater(ready: () => Promise<void>, error: unknown): void {
    if (this.#isStopped) return;
    const message = messageOf(error);
    if (error instanceof SessionOptionError && messageOf(this.#problem) !== message) {
      this.health.report(`Redis cannot keep the sessions: ${message}`);
    }
    this.#problem = error;
    this.#again = this.settings.reactor.callLater(BOOT_PAUSE, () => {
      this.#boot(ready).catch((problem: unknown) => this.#bootLater(ready, causeOf(problem)));
    });
  }

  async #leave(): Promise<void> {
    const left = (this.#shards ?? []).map(({ shard }) => shard.leave(this.name));
    // Otherwise it is forgotten after a while.
    await Promise.allSettled(left);
  }

  #link(): RedisLink {
    return new RedisLink(this.#connection, this.#timeouts, this.health);
  }

  #tailed(index: number): TailedShard {
    const keys = new ShardKeys(this.options.prefix, index);
    const link = this.#link();
    const shard = new RedisShard(link, keys, this.options, (time) => this.clock.heard(time));
    return { shard, tail: new EventTail(link, keys, this.tell) };
  }
}

/** What a link has made of an error says the same of every one. */
function causeOf(error: unknown): unknown {
  return error instanceof SessionStoreUnavailableError ? (error.cause ?? error) : error;
}

function unreachable(error: unknown): SessionOptionError {
  return new SessionOptionError(
    'store',
    `is a RedisSessionStore whose server does not answer: check its address and that it runs, or give failFast: false to start without it. ${messageOf(error)}`,
    error,
  );
}

function forbidden(error: unknown): SessionOptionError {
  return new SessionOptionError(
    'store',
    `is a RedisSessionStore that the server refuses: check user, password and what the user may do. ${messageOf(error)}`,
    error,
  );
}
