import { type RedisStoreOptions } from 'nestjs-live-session/redis';
import { logged } from './logged.js';
import { type RedisServer, startRedis } from './redis-server.js';
import { openShop, type Shop } from './redis-shop.js';

/** Looks for everything all the time. */
export const OFTEN = Object.freeze({ sweepInterval: 0.1, reconcileInterval: 0.3 });

const used: { stop(): Promise<unknown> }[] = [];

afterEach(async () => {
  await Promise.all(used.splice(0).map((server) => server.stop()));
});

/** Has a server stopped after the test. */
export function stopAfterTest(server: { stop(): Promise<unknown> }): void {
  used.push(server);
}

/** A server for one test, which may do with it what it likes. */
export async function startOwn(...config: string[]): Promise<RedisServer> {
  const server = await startRedis(...config);
  stopAfterTest(server);
  return server;
}

export interface OwnShop extends Shop {
  readonly server: RedisServer;
  readonly errors: unknown[];
  /** A key of the one shard. */
  key(name: string): string;
  /** The key of the one session. */
  sessionKey(): Promise<string>;
}

/** A shop on a server of its own; what it logs as errors is kept. */
export async function openOwnShop(redis: Partial<RedisStoreOptions> = {}): Promise<OwnShop> {
  const server = await startOwn();
  const errors = logged();
  const shop = await openShop(server, redis);
  const key = (name: string): string => `{${shop.application.prefix}:s0}:${name}`;
  const sessionKey = async (): Promise<string> => {
    const [found = ''] = (await server.send('KEYS', key('s:*'))) as string[];
    return found;
  };
  return { ...shop, server, errors, key, sessionKey };
}
