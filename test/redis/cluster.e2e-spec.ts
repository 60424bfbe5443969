import { jest } from '@jest/globals';
import { RedisSessionStore, type RedisStoreOptions } from 'nestjs-live-session/redis';
import { bootService, type ServiceOptions } from '../support/boot-service.js';
import { Cart } from '../support/cart.js';
import { collect } from '../support/collect.js';
import { type RedisCluster, startCluster } from '../support/redis-cluster.js';
import { until } from '../support/until.js';

// Each node connects to three servers and begins sixteen shards.
jest.setTimeout(30_000);

let cluster: RedisCluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster.stop());

/** Nodes of an application of its own in the cluster. */
function setup(options: ServiceOptions['options'] = {}, redis: Partial<RedisStoreOptions> = {}) {
  const prefix = `test${crypto.randomUUID()}`;
  return () => {
    const store = new RedisSessionStore({
      cluster: cluster.urls,
      prefix,
      touchGranularity: 0,
      operationTimeout: 86_400,
      ...redis,
    });
    return bootService({ components: [Cart], options: { ...options, store } });
  };
}

describe('Sessions in a Redis Cluster', () => {
  it('are kept, found by every node and ended', async () => {
    const join = setup();
    const [here, there] = [await join(), await join()];
    const sessions = await Promise.all(
      Array.from({ length: 40 }, () => here.sessions.makeSession()),
    );
    sessions[0]?.getComponent(Cart).add('tea');
    await sessions[0]?.save();

    const found = await Promise.all(sessions.map(({ uid }) => there.sessions.getSession(uid)));
    await Promise.all(found.slice(20).map((session) => session.logout()));

    expect(found[0]?.getComponent(Cart).items).toEqual(['tea']);
    expect(await here.sessions.count()).toBe(20);
  });

  it('stay in their shard when they get another uid', async () => {
    const join = setup();
    const [here, there] = [await join(), await join()];
    const sessions = await Promise.all(
      Array.from({ length: 20 }, () => here.sessions.makeSession()),
    );
    const old = sessions.map(({ uid }) => uid);

    await Promise.all(sessions.map((session) => session.login('ada')));
    await Promise.all(sessions.map((session) => session.regenerate()));

    const found = await Promise.all(sessions.map(({ uid }) => there.sessions.getSession(uid)));
    const lost = await Promise.all(old.map((uid) => there.sessions.findSession(uid)));
    expect(found.map(({ id }) => id)).toEqual(sessions.map(({ id }) => id));
    expect(lost.filter((session) => session !== undefined)).toEqual([]);
  });

  it('are listed in the order of creation over all shards', async () => {
    const { sessions } = await setup()();
    const made: string[] = [];
    for (let i = 0; i < 30; i++) made.push((await sessions.makeSession()).id);

    const listed = await collect(sessions.list());
    const rest = await collect(sessions.list({ after: made[9] ?? '', limit: 5 }));

    expect(listed.map(({ id }) => id)).toEqual(made);
    expect(rest.map(({ id }) => id)).toEqual(made.slice(10, 15));
  });

  it('of one principal are listed and ended over all shards', async () => {
    const { sessions } = await setup()();
    for (let i = 0; i < 20; i++) await (await sessions.makeSession()).login('ada');
    const other = await sessions.makeSession();

    const listed = await collect(sessions.list({ principal: 'ada' }));
    const ended = await sessions.expireAll('ada');

    expect([listed.length, ended, await sessions.count()]).toEqual([20, 20, 1]);
    expect(other.isExpired).toBe(false);
  });

  it('are found by their handle', async () => {
    const { sessions } = await setup()();
    const session = await sessions.makeSession();

    expect(await sessions.findById(session.id)).toBe(session);
  });

  it('are kept while a slot moves to another server', async () => {
    const { sessions } = await setup({}, { shards: 1 })();
    const session = await sessions.makeSession();
    const [from, to, slot] = await placeOf(session.id);

    await move(slot, from, to);
    session.getComponent(Cart).add('tea');

    await until(() =>
      session.save().then(
        () => true,
        () => false,
      ),
    );
    expect(await sessions.count()).toBe(1);
  });
});

/** The server that has a session's shard, another one, and the slot. */
async function placeOf(id: string) {
  for (const master of cluster.masters) {
    const keys = (await master.send('KEYS', '*:ids')) as string[];
    for (const key of keys) {
      const members = (await master.send('ZRANGE', key, '0', '-1')) as string[];
      if (!members.some((member) => member.startsWith(id))) continue;
      const another = cluster.masters.find((other) => other !== master);
      if (another === undefined) break;
      return [master, another, String(await master.send('CLUSTER', 'KEYSLOT', key))] as const;
    }
  }
  throw new Error('There is no such session.');
}

async function move(
  slot: string,
  from: RedisCluster['masters'][number],
  to: RedisCluster['masters'][number],
): Promise<void> {
  const [there, here] = [
    String(await to.send('CLUSTER', 'MYID')),
    String(await from.send('CLUSTER', 'MYID')),
  ];
  await to.send('CLUSTER', 'SETSLOT', slot, 'IMPORTING', here);
  await from.send('CLUSTER', 'SETSLOT', slot, 'MIGRATING', there);
  const keys = (await from.send('CLUSTER', 'GETKEYSINSLOT', slot, '1000')) as string[];
  await from.send('MIGRATE', '127.0.0.1', String(to.port), '', '0', '5000', 'KEYS', ...keys);
  for (const master of [to, from]) await master.send('CLUSTER', 'SETSLOT', slot, 'NODE', there);
}
