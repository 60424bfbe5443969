import { RedisSessionStore, type RedisStoreOptions } from 'nestjs-live-session/redis';
import { type BootedService, bootService, type ServiceOptions } from './boot-service.js';
import { type RedisServer } from './redis-server.js';

/** One node of an application: a container of its own, with a clock and a connection of its own. */
export interface BootedNode extends BootedService {
  readonly store: RedisSessionStore;
}

export interface NodeOptions extends ServiceOptions {
  readonly redis?: Partial<RedisStoreOptions>;
}

/** The application on one server that its nodes belong to: a prefix of its own. */
export class RedisApplication {
  readonly prefix: string;

  constructor(private readonly server: RedisServer) {
    this.prefix = `test${crypto.randomUUID()}`;
  }

  /** Boots a node, on which every touch is written; it is closed after the test. */
  async node({ redis, options, ...given }: NodeOptions = {}): Promise<BootedNode> {
    const { url } = this.server;
    const store = new RedisSessionStore({
      url,
      prefix: this.prefix,
      touchGranularity: 0,
      ...redis,
    });
    const booted = await bootService({ ...given, options: { ...options, store } });
    return { ...booted, store };
  }

  /** Two of the same kind. */
  async pair(given: NodeOptions = {}): Promise<readonly [BootedNode, BootedNode]> {
    return [await this.node(given), await this.node(given)];
  }

  /** Moves the time of the server's one shard on, in seconds: every script goes by it. */
  async travel(seconds: number): Promise<void> {
    const key = `{${this.prefix}:s0}:clk`;
    const [time] = (await this.server.send('TIME')) as string[];
    const mark = Number((await this.server.send('GET', key)) ?? 0);
    const now = Math.max(Number(time) * 1000, mark);
    await this.server.send('SET', key, String(now + Math.round(seconds * 1000)));
  }
}
