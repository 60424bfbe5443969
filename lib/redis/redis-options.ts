import { SessionOptionError } from '../errors/session.errors.js';
import { type RedisClient } from './redis-client.js';
import { isShardCount } from './redis-keys.js';

/** Where a master is found by asking Redis Sentinel. */
export interface RedisSentinelAddress {
  /** What the sentinels call the master. */
  readonly name: string;
  /** The sentinels, as `redis://host:port`. User and password of the first are those of the servers, too. */
  readonly nodes: readonly string[];
}

/**
 * What a `RedisSessionStore` is made with: exactly one of `url`, `client`, `cluster` and `sentinel`;
 * everything else has a default. Durations are seconds.
 *
 * @publicApi
 */
export interface RedisStoreOptions {
  /** A single server: `redis://user:password@host:6379/0`, or `rediss://` with TLS. */
  readonly url?: string;
  /** Some of the nodes of a Redis Cluster, as URLs; the others are found. */
  readonly cluster?: readonly string[];
  readonly sentinel?: RedisSentinelAddress;
  /**
   * A ready client of node-redis, for settings that this store has none of. It stays yours: it is not
   * closed. Make it with `disableOfflineQueue: true`; otherwise what was given up may be done later.
   */
  readonly client?: RedisClient;
  /**
   * What the names of all keys begin with: one for each application on a server.
   *
   * @default 'sess'
   */
  readonly prefix?: string;
  /**
   * Over how many hash slots the sessions are spread: a power of two up to 4096. It is a one-way door:
   * a store that was begun with another number is refused at boot.
   *
   * With more than one shard, limits are kept by each shard: a principal may have up to
   * `maxPerPrincipal.limit` sessions in each of them, and `maxSessions` are shared out evenly.
   *
   * @default 1; 16 on a cluster, so that a few nodes get even parts
   */
  readonly shards?: number;
  /**
   * How often sessions that are due are looked for, by all nodes together; and how often each node asks
   * what has ended elsewhere. Shorter costs commands, longer makes ends late.
   *
   * @default 1
   */
  readonly sweepInterval?: number;
  /**
   * How often a node asks after every session that it holds: whatever else fails, this is when it knows.
   *
   * @default 30
   */
  readonly reconcileInterval?: number;
  /**
   * How long an answer is waited for. Then the operation is given up with
   * `SessionStoreUnavailableError`, and may have been done or not.
   *
   * @default 0.5
   */
  readonly operationTimeout?: number;
  /**
   * By how much a touch must move the deadline to be written. Ends by idleness are late by up to this,
   * and never early; 0 writes every touch.
   *
   * @default a twentieth of the session's timeout, at most 60
   */
  readonly touchGranularity?: number;
  /**
   * How long the old uid still finds the session after `regenerate()`; after a login it never does. For
   * clients that send several requests at once while their uid is changed periodically.
   *
   * @default 0
   */
  readonly rotationGrace?: number;
  /**
   * Whether a server that does not answer at boot keeps the application from starting. With `false` it
   * starts, answers 503 where a session is needed, and recovers by itself; what a server that does
   * answer says to be wrong is an error either way.
   *
   * @default true: a wrong address is found at once
   */
  readonly failFast?: boolean;
  /**
   * How long an `@OnSessionExpire()` method may take. One that was cut short by a crash is run again by
   * another node after twice that time.
   *
   * @default 30
   */
  readonly handlerTimeout?: number;
  /**
   * How often an `@OnSessionExpire()` method is tried with one end before that is given up, reported and
   * put among the dead letters.
   *
   * @default 5
   */
  readonly handlerAttempts?: number;
}

/** {@link RedisStoreOptions} with every default filled in. */
export interface ResolvedRedisOptions extends RedisStoreOptions {
  readonly prefix: string;
  readonly sweepInterval: number;
  readonly reconcileInterval: number;
  readonly operationTimeout: number;
  readonly rotationGrace: number;
  readonly failFast: boolean;
  readonly handlerTimeout: number;
  readonly handlerAttempts: number;
}

const DEFAULTS = Object.freeze({
  prefix: 'sess',
  sweepInterval: 1,
  reconcileInterval: 30,
  operationTimeout: 0.5,
  rotationGrace: 0,
  failFast: true,
  handlerTimeout: 30,
  handlerAttempts: 5,
});

const ADDRESSES = ['url', 'client', 'cluster', 'sentinel'] as const;
const POSITIVE = [
  'sweepInterval',
  'reconcileInterval',
  'operationTimeout',
  'handlerTimeout',
] as const;
const NOT_NEGATIVE = ['touchGranularity', 'rotationGrace'] as const;
const KNOWN = new Set<string>([
  ...ADDRESSES,
  ...Object.keys(DEFAULTS),
  'shards',
  'touchGranularity',
]);

/** @throws SessionOptionError that names the option */
export function resolveRedisOptions(given: RedisStoreOptions): ResolvedRedisOptions {
  const entries = Object.entries(given ?? {}).filter(([, value]) => value !== undefined);
  const options: ResolvedRedisOptions = { ...DEFAULTS, ...Object.fromEntries(entries) };
  const [unknown] = entries.map(([name]) => name).filter((name) => !KNOWN.has(name));
  if (unknown !== undefined) {
    throw optionError(unknown, `is no option. There are ${[...KNOWN].join(', ')}.`);
  }
  checkAddress(options);
  if (typeof options.prefix !== 'string' || !/^[\w.:-]{1,64}$/.test(options.prefix)) {
    throw optionError('prefix', 'must be 1 to 64 letters, digits or one of _ . : -');
  }
  for (const name of POSITIVE) {
    if (!(isDuration(options[name]) && options[name] > 0)) {
      throw optionError(name, 'must be a positive number of seconds.');
    }
  }
  for (const name of NOT_NEGATIVE) {
    if (options[name] !== undefined && !isDuration(options[name])) {
      throw optionError(name, 'must be a number of seconds, 0 or more.');
    }
  }
  if (options.shards !== undefined && !isShardCount(options.shards)) {
    throw optionError('shards', 'must be a power of two from 1 to 4096.');
  }
  if (!(Number.isInteger(options.handlerAttempts) && options.handlerAttempts > 0)) {
    throw optionError('handlerAttempts', 'must be a positive whole number.');
  }
  if (typeof options.failFast !== 'boolean')
    throw optionError('failFast', 'must be true or false.');
  return options;
}

function checkAddress(options: RedisStoreOptions): void {
  const given = ADDRESSES.filter((name) => options[name] !== undefined);
  const [address, another] = given;
  if (address === undefined || another !== undefined) {
    throw optionError(
      address ?? 'url',
      `must be given alone: one of ${ADDRESSES.join(', ')} says where the server is.`,
    );
  }
  if (options.url !== undefined) checkUrl('url', options.url);
  if (options.cluster !== undefined) checkUrls('cluster', options.cluster);
  if (options.sentinel !== undefined) {
    checkUrls('sentinel.nodes', options.sentinel?.nodes);
    if (typeof options.sentinel?.name !== 'string' || options.sentinel.name === '') {
      throw optionError(
        'sentinel.name',
        'must be what the sentinels call the master, as in mymaster.',
      );
    }
  }
  if (options.client !== undefined && !isClient(options.client)) {
    throw optionError(
      'client',
      'must be a client of node-redis (the package redis, 5 or 6), as its createClient() returns it.',
    );
  }
}

/** Other packages have a `sendCommand()`, too. */
function isClient(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('isOpen' in value)) return false;
  return ['sendCommand', 'connect', 'destroy', 'on'].every(
    (method) => typeof Reflect.get(value, method) === 'function',
  );
}

function checkUrls(name: string, urls: unknown): void {
  if (!Array.isArray(urls) || urls.length === 0) {
    throw optionError(name, "must be a list of addresses, as in ['redis://127.0.0.1:7000'].");
  }
  for (const url of urls) checkUrl(name, url);
}

function checkUrl(name: string, url: unknown): void {
  if (typeof url === 'string' && URL.canParse(url) && /^rediss?:$/.test(new URL(url).protocol))
    return;
  throw optionError(name, 'must begin with redis:// or rediss://, as in redis://127.0.0.1:6379.');
}

function isDuration(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function optionError(name: string, problem: string): SessionOptionError {
  return new SessionOptionError(`RedisSessionStore: ${name}`, problem);
}
