import { SessionOptionError } from '../errors/session.errors.js';
import { type RedisClient } from './redis-client.js';
import { type ResolvedRedisOptions } from './redis-options.js';

/** The longest time between two tries to connect again, in milliseconds: recovery takes no longer. */
const LONGEST_PAUSE = 500;

/** The part of node-redis that makes clients. */
interface Redis {
  createClient(options: object): unknown;
  createCluster(options: object): unknown;
  createSentinel(options: object): unknown;
}

/**
 * The client that the options ask for: a ready one, or one of this store's own.
 *
 * A client of the store's own has no offline queue. A command that was given up must not be carried out
 * when the server is back: nobody waits for it, and what it was about may have changed.
 */
export async function makeClient(options: ResolvedRedisOptions): Promise<RedisClient> {
  const { url, client, cluster = [], sentinel } = options;
  if (client !== undefined) return client;
  const redis = await loadRedis();
  const common = {
    disableOfflineQueue: true,
    socket: {
      connectTimeout: options.operationTimeout * 1000 * 4,
      reconnectStrategy: (retries: number) => Math.min(50 * 2 ** retries, LONGEST_PAUSE),
    },
  };
  if (url !== undefined) return redis.createClient({ ...common, url }) as RedisClient;
  if (sentinel === undefined) {
    const rootNodes = cluster.map((node) => ({ url: node }));
    const defaults = { ...common, ...credentialsOf(cluster[0]) };
    return redis.createCluster({ rootNodes, defaults }) as RedisClient;
  }
  const nodeClientOptions = { ...common, ...credentialsOf(sentinel.nodes[0]) };
  return redis.createSentinel({
    name: sentinel.name,
    sentinelRootNodes: sentinel.nodes.map(hostOf),
    nodeClientOptions,
  }) as RedisClient;
}

async function loadRedis(): Promise<Redis> {
  try {
    return await import('redis');
  } catch (error) {
    throw new SessionOptionError(
      'store',
      'is a RedisSessionStore, which needs the package redis: npm install redis.',
      error,
    );
  }
}

function hostOf(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port || 26_379) };
}

function credentialsOf(url: string | undefined): object {
  if (url === undefined) return {};
  const { username, password } = new URL(url);
  return {
    ...(username !== '' && { username: decodeURIComponent(username) }),
    ...(password !== '' && { password: decodeURIComponent(password) }),
  };
}
