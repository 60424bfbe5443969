import { SessionOptionError } from '../errors/session.errors.js';
import { type RedisClient, isCluster } from './redis-client.js';
import { type RedisHealth } from './redis-health.js';
import { isReply, type RedisLink } from './redis-link.js';
import { type ResolvedRedisOptions } from './redis-options.js';

/** The form of what is kept. Another number is another form. */
const FORM = '1';

/** The oldest servers that have what the scripts need: ZRANGE BYLEX, XAUTOCLAIM, exclusive ranges. */
const OLDEST = Object.freeze({ redis: [6, 2], valkey: [7, 2] });

/** What a server says to somebody who may not do what is needed. */
const FORBIDDEN = /^(NOAUTH|WRONGPASS|NOPERM|ERR AUTH|ERR invalid password|ERR Client sent AUTH)/;

/** Whether the server answers, and says that something is wrong with how it is asked. */
export function isForbidden(error: unknown): boolean {
  return isReply(error, FORBIDDEN);
}

/**
 * Asks a server that has just been connected whether it can keep sessions, and how many shards there
 * are.
 *
 * @throws SessionOptionError that says what is wrong: the version, the kind of server, a missing
 *   permission, a number of shards other than that which the store was begun with.
 */
export async function examine(
  client: RedisClient,
  link: RedisLink,
  options: ResolvedRedisOptions,
  health: RedisHealth,
): Promise<number> {
  const meta = `${options.prefix}:meta`;
  const info = await infoOf(link, meta, health);
  checkVersion(info);
  if (info.get('cluster_enabled') === '1' && !isCluster(client)) {
    throw new SessionOptionError(
      'RedisSessionStore',
      "was given a single server, and that is a node of a cluster: give { cluster: ['redis://…'] }, or a client that createCluster() made.",
    );
  }
  warnOfEviction(info, health);
  return agreeOnShards(link, meta, options, isCluster(client) ? 16 : 1);
}

async function infoOf(
  link: RedisLink,
  meta: string,
  health: RedisHealth,
): Promise<ReadonlyMap<string, string>> {
  try {
    const text = String(await link.send(meta, ['INFO']));
    return new Map(text.split('\r\n').map((line) => pairOf(line)));
  } catch (error) {
    if (!isReply(error, /^NOPERM/)) throw error;
    health.warn('may not ask for INFO, so the version and the eviction policy are not checked.');
    return new Map();
  }
}

function pairOf(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1)];
}

function checkVersion(info: ReadonlyMap<string, string>): void {
  const name = info.has('valkey_version') ? 'valkey' : 'redis';
  const version = info.get(`${name}_version`);
  if (version === undefined) return;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = OLDEST[name];
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return;
  throw new SessionOptionError(
    'RedisSessionStore',
    `needs Redis 6.2 or later, or Valkey 7.2 or later, and this is ${name} ${version}.`,
  );
}

function warnOfEviction(info: ReadonlyMap<string, string>, health: RedisHealth): void {
  const policy = info.get('maxmemory_policy') ?? 'noeviction';
  if (policy === 'noeviction' || info.get('maxmemory') === '0') return;
  health.warn(
    `The server evicts keys when its memory is full (maxmemory-policy ${policy}), so sessions may be lost at any time: set it to noeviction.`,
  );
}

async function agreeOnShards(
  link: RedisLink,
  meta: string,
  { shards, prefix }: ResolvedRedisOptions,
  usual: number,
): Promise<number> {
  const begun = await link.send(meta, ['HGET', meta, 'shards']);
  const count = shards ?? Number(begun ?? usual);
  await link.send(meta, ['HSETNX', meta, 'shards', String(count)]);
  await link.send(meta, ['HSETNX', meta, 'form', FORM]);
  const agreed = (await link.send(meta, ['HMGET', meta, 'shards', 'form'])) as unknown[];
  const [stored = '', form = ''] = agreed.map(String);
  if (Number(stored) !== count) {
    throw new SessionOptionError(
      'RedisSessionStore: shards',
      `is ${count}, and the sessions under ${prefix} are in ${stored}: give that number, or begin anew under another prefix.`,
    );
  }
  if (form === FORM) return count;
  throw new SessionOptionError(
    'RedisSessionStore: prefix',
    `${prefix} holds sessions in the form ${form}, which this version of nestjs-live-session cannot read: take the version that wrote them, or another prefix.`,
  );
}
