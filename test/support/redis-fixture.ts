import { RedisSessionStore, type RedisStoreOptions } from 'nestjs-live-session/redis';
import { type Clock, type SessionStoreFixture } from 'nestjs-live-session/testing';
import { redisForFile } from './redis-server.js';
import { type Passage, WatchedClient } from './watched-client.js';

/** So far ahead of the server's clock that it stands still: no test takes that long. */
const AHEAD = 86_400;

/** Sessions under a prefix of their own, at a time that stands still until the test moves it. */
export class RedisFixture implements SessionStoreFixture {
  readonly #prefix = `test${crypto.randomUUID()}`;
  readonly #now = `{${this.#prefix}:s0}:clk`;

  constructor(
    private readonly client: WatchedClient,
    private readonly clock: Clock,
    private readonly options: RedisStoreOptions = {},
  ) {}

  /** A node on which every touch is written, and whose timers are all due at once. */
  async node(passage?: Passage): Promise<RedisSessionStore> {
    const [seconds] = (await this.client.sendCommand(['TIME'])) as string[];
    const ahead = (Number(seconds) + AHEAD) * 1000;
    await this.client.sendCommand(['SET', this.#now, String(ahead), 'NX']);
    return new RedisSessionStore({
      client: passage === undefined ? this.client : this.client.through(passage),
      prefix: this.#prefix,
      touchGranularity: 0,
      sweepInterval: 0.001,
      reconcileInterval: 100_000,
      operationTimeout: 10_000_000,
      ...this.options,
    });
  }

  async travel(seconds: number): Promise<void> {
    await this.client.sendCommand(['INCRBY', this.#now, String(Math.round(seconds * 1000))]);
  }

  async sweep(): Promise<void> {
    // One node ends what is due, and may have to go on; then the others hear of it.
    for (let turn = 0; turn < 3; turn++) {
      await this.client.idle();
      this.clock.advance(0.01);
    }
    await this.client.idle();
  }
}

/** A server for all tests of a file, and one client of it. */
export function redisAndClientForFile() {
  let client: WatchedClient | undefined;
  // Before the server stops, lest it tries to connect again.
  afterAll(() => client?.destroy());
  const server = redisForFile();
  beforeAll(async () => {
    client = new WatchedClient(server().url);
    await client.connect();
  });
  const connected = (): WatchedClient => {
    if (client === undefined) throw new Error('The client is there from beforeAll() on.');
    return client;
  };
  return { redis: server, client: connected };
}

/** One client for all tests of a file, on a server of its own. */
export function redisClientForFile(): () => WatchedClient {
  return redisAndClientForFile().client;
}
