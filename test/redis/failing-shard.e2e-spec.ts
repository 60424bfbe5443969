import { Injectable } from '@nestjs/common';
import { OnSessionExpire, type Session, type SessionExpiration } from 'nestjs-live-session';
import { logged } from '../support/logged.js';
import { type BootedNode, RedisApplication } from '../support/redis-nodes.js';
import { redisAndClientForFile } from '../support/redis-fixture.js';
import { until } from '../support/until.js';

const { redis, client } = redisAndClientForFile();

/** Nobody asks after what is held, unless a test says so. */
const QUIET = { shards: 2, operationTimeout: 86_400, reconcileInterval: 86_400 };

/** What a node was told of: the handles of sessions that have ended. */
interface Told {
  /** By its handler. */
  readonly handled: string[];
  /** By `expire$`. */
  readonly heard: string[];
}

function handlerOn({ handled }: Told) {
  @Injectable()
  class Mailer {
    @OnSessionExpire({ name: 'mail' })
    remind({ id }: SessionExpiration) {
      handled.push(id);
    }
  }
  return Mailer;
}

/** Two nodes on two shards, the first of which fails one of the nodes from `fail()` on. */
async function setup(options: { reconcileInterval?: number } = {}) {
  logged();
  const application = new RedisApplication(redis());
  const key = (shard: number, name: string): string => `{${application.prefix}:s${shard}}:${name}`;
  let isFailing = false;
  const failing = client().through((args, send) =>
    isFailing && args.some((arg) => arg.startsWith(key(0, '')))
      ? Promise.reject(new Error('The connection is lost.'))
      : send(args),
  );
  const told: Told = { handled: [], heard: [] };
  const node = await application.node({
    providers: [handlerOn(told)],
    redis: { ...QUIET, ...options, url: undefined, client: failing },
  });
  node.sessions.expire$.subscribe(({ id }) => told.heard.push(id));
  const well = await application.node({ redis: QUIET });
  return { node, well, told, key, fail: () => (isFailing = true) };
}

/** Sessions that another node has made, and those of them that are in the second shard, by their handles. */
async function makeMany(
  { node, well, key }: Awaited<ReturnType<typeof setup>>,
  count: number,
): Promise<{ held: readonly Session[]; safe: readonly string[] }> {
  const held: Session[] = [];
  for (let i = 0; i < count; i++) {
    const { uid } = await well.sessions.makeSession();
    held.push(await node.sessions.getSession(uid));
  }
  const members = (await redis().send('ZRANGE', key(1, 'ids'), '0', '-1')) as string[];
  return { held, safe: members.map((member) => member.split(':')[0] ?? '') };
}

/** Ends all sessions elsewhere, and loses what says so. */
async function endUnheard(
  { well, key }: Awaited<ReturnType<typeof setup>>,
  held: readonly Session[],
): Promise<void> {
  await endAll(well, held);
  await redis().send('DEL', key(0, 'ev'), key(1, 'ev'));
}

async function endAll({ sessions }: BootedNode, held: readonly Session[]): Promise<void> {
  for (const { uid } of held) await (await sessions.getSession(uid)).logout();
}

/** Moves the time of a node on by seconds, until something is so. */
async function passUntil({ clock }: BootedNode, isSo: () => boolean): Promise<void> {
  await until(async () => {
    await clock.advanceAsync(1);
    await redis().send('PING');
    return isSo();
  });
}

describe('A shard that fails', () => {
  it('keeps no end in another one from its handler', async () => {
    const all = await setup();
    const { node, well, told, fail } = all;
    const { held, safe } = await makeMany(all, 20);
    fail();

    await endAll(well, held);
    await passUntil(node, () => told.handled.length >= safe.length);

    expect(told.handled.sort()).toEqual([...safe].sort());
  });

  it('keeps nobody from asking after what is held of another one', async () => {
    const all = await setup({ reconcileInterval: 30 });
    const { node, told, fail } = all;
    const { held, safe } = await makeMany(all, 250);
    await endUnheard(all, held);
    fail();

    await passUntil(node, () => told.heard.length >= safe.length);

    expect(told.heard.sort()).toEqual([...safe].sort());
    expect(held.filter(({ isExpired }) => isExpired)).toHaveLength(safe.length);
  });

  it('keeps a node from no word of another one that has forgotten it', async () => {
    const all = await setup();
    const { node, told, key, fail } = all;
    const { held, safe } = await makeMany(all, 20);
    for (let i = 0; i < 5; i++) await passUntil(node, () => true);
    await endUnheard(all, held);
    await redis().send('DEL', key(1, 'nodes'));
    fail();

    await passUntil(node, () => told.heard.length >= safe.length);

    expect(told.heard.sort()).toEqual([...safe].sort());
    expect(held.filter(({ isExpired }) => isExpired)).toHaveLength(safe.length);
  });
});
