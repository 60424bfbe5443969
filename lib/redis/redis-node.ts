import { SessionOptionError, SessionStoreUnavailableError } from '../errors/session.errors.js';
import { OperationTimeouts } from '../store/operation-timeouts.js';
import { type SessionStoreSettings } from '../store/session.store.js';
import { StoreClock } from '../store/store-clock.js';
import { EventTail, type SessionEvent } from './event-tail.js';
import { examine, isForbidden } from './redis-boot.js';
import { type RedisClient, sender } from './redis-client.js';
import { makeClient } from './redis-connection.js';
import { messageOf, type RedisHealth } from './redis-health.js';
import { ShardKeys, shardOf } from './redis-keys.js';
import { RedisLink } from './redis-link.js';
import { type ResolvedRedisOptions } from './redis-options.js';
import { RedisShard } from './redis-shard.js';

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
  readonly link: RedisLink;
  /** Unique among nodes and among the lives of a node. */
  readonly name: string;
  readonly #timeouts: OperationTimeouts;
  #shards: readonly TailedShard[] | undefined;
  #problem: unknown;
  #isStopped = false;

  private constructor(
    private readonly client: RedisClient,
    private readonly options: ResolvedRedisOptions,
    private readonly settings: SessionStoreSettings,
    private readonly health: RedisHealth,
    private readonly tell: (event: SessionEvent) => void,
  ) {
    this.name = settings.random.token(9);
    this.clock = new StoreClock(settings.reactor);
    this.#timeouts = new OperationTimeouts(settings.reactor, options.operationTimeout);
    this.link = new RedisLink(sender(client), this.#timeouts, health);
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
    const client = await makeClient(options);
    const node = new RedisNode(client, options, settings, health, tell);
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
    if (this.options.client === undefined && this.client.isOpen) {
      await this.#timeouts
        .limit(Promise.resolve(this.client.close()), () => new Error())
        .catch(() => {
          this.client.destroy();
        });
    }
    this.#timeouts.stop();
  }

  async #start(ready: () => Promise<void>): Promise<void> {
    const failed = new Promise<never>((_, reject) => {
      this.client.on('error', (error) => {
        this.#problem = error;
        this.health.failed(error);
        reject(error);
      });
    });
    failed.catch(() => {});
    const booted = this.#boot(ready);
    booted.catch(() => {});
    try {
      // A client that cannot connect tries again and again; its first failure is news enough.
      await Promise.race([booted, failed]);
    } catch (error) {
      const problem = isForbidden(error) ? forbidden(error) : error;
      if (problem instanceof SessionOptionError || this.options.failFast) {
        if (this.options.client === undefined) this.client.destroy();
        throw problem instanceof SessionOptionError ? problem : unreachable(problem);
      }
      this.health.warn(`Redis is not there yet; sessions will be when it is: ${messageOf(error)}`);
      booted.catch((late: unknown) => this.#fail(late));
    }
  }

  async #boot(ready: () => Promise<void>): Promise<void> {
    if (!this.client.isOpen) await this.client.connect();
    const count = await examine(this.client, this.options, this.health);
    const shards = Array.from({ length: count }, (_, index) => this.#tailed(index));
    await Promise.all(shards.map(({ tail }) => tail.start()));
    this.#shards = shards;
    await ready();
  }

  /** The servers answered after the boot, and cannot be used. */
  #fail(error: unknown): void {
    if (this.#isStopped) return;
    this.#problem = error;
    this.health.report(`Redis cannot keep the sessions: ${messageOf(error)}`);
  }

  #tailed(index: number): TailedShard {
    const keys = new ShardKeys(this.options.prefix, index);
    const shard = new RedisShard(this.link, keys, this.options, (time) => this.clock.heard(time));
    return { shard, tail: new EventTail(this.link, keys, this.tell) };
  }
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
