import { NodeReactor, SessionStoreUnavailableError } from 'nestjs-live-session';
import { RedisSessionStore, type RedisStoreOptions } from 'nestjs-live-session/redis';
import { TestedNode } from '../../lib/testing/store-suite/tested-node.js';
import { CommandLog } from '../support/command-log.js';
import { redisForFile } from '../support/redis-server.js';
import { storeSettings } from '../support/store-settings.js';

const redis = redisForFile();
const used: RedisSessionStore[] = [];

afterEach(async () => {
  await Promise.all(used.splice(0).map((store) => store.stop()));
});

/** A node with sessions in a store of so many shards, and what it asks the server for. */
async function setup(count: number, options: Partial<RedisStoreOptions> = {}) {
  const prefix = `test${crypto.randomUUID()}`;
  const still = { sweepInterval: 1000, reconcileInterval: 1000 };
  const store = new RedisSessionStore({ url: redis().url, prefix, ...still, ...options });
  used.push(store);
  const reactor = new NodeReactor();
  let made = 0;
  const node = new TestedNode(
    store,
    () => `id-${++made}`,
    () => reactor.seconds(),
  );
  await store.start(storeSettings(reactor));
  const records = await node.makeMany(count);
  // The server has seen the scripts.
  await Promise.all(records.map((record) => node.write(record, 'cart@1', '"old"')));
  await Promise.all(records.map(({ key }) => node.touch(key)));
  const log = await CommandLog.of(redis());
  const key = (name: string): string => `{${prefix}:s0}:${name}`;
  return { store, node, records, log, key };
}

/** The commands that it takes to do something with sessions at the same time. */
const names = (count: number): readonly string[] => Array.from({ length: count }, () => 'EVALSHA');

describe('What is asked for in one turn of the event loop', () => {
  it('is one script after the first where sessions are opened, whoever asks', async () => {
    const { store, records, log } = await setup(10);

    const asked = log.during(async () => {
      const found = await Promise.all(records.map(({ key }) => store.open(key, true)));
      expect(found).toEqual(records);
    });

    expect(await asked).toEqual(names(2));
  });

  it('is one script after the first where sessions are written', async () => {
    const { node, records, log } = await setup(10);

    const asked = log.during(() =>
      Promise.all(records.map((record) => node.write(record, 'cart@1', '"new"'))),
    );

    expect(await asked).toEqual(names(2));
    const texts = records.map(({ components }) => components?.get('cart@1')?.text);
    expect(new Set(texts)).toEqual(new Set(['"new"']));
  });

  it.each([
    [12, 2],
    [13, 2],
    [14, 3],
  ])('is as many scripts as it takes for none to run long: %s', async (count, scripts) => {
    const { store, records, log } = await setup(count);

    const asked = log.during(() => Promise.all(records.map(({ key }) => store.open(key, true))));

    expect(await asked).toEqual(names(scripts));
  });

  it('goes to each shard that it is about', async () => {
    const { store, records, log } = await setup(10, { shards: 2 });

    const asked = log.during(async () => {
      const found = await Promise.all(records.map(({ key }) => store.open(key, true)));
      expect(found).toEqual(records);
    });

    // The first of a shard, and the others; all of them may be in one.
    expect((await asked).length).toBeLessThanOrEqual(4);
  });

  it('fails for the key that is at fault, and for no other', async () => {
    const { store, node, records, key } = await setup(2);
    const broken = node.newKey();
    // Where the store looks up what has become of a session is something else.
    await redis().send('HSET', key(`t:${broken}`), 'not', 'ours');
    const [first, last] = records.map((record) => record.key);

    const outcomes = await Promise.allSettled(
      [first, broken, last].map((asked = '') => store.open(asked, true)),
    );

    expect(outcomes).toEqual([
      { status: 'fulfilled', value: records[0] },
      { status: 'rejected', reason: new SessionStoreUnavailableError() },
      { status: 'fulfilled', value: records[1] },
    ]);
    expect(store.health).toBe('up');
  });

  it('ends for each as it would alone', async () => {
    const { store, node, records } = await setup(4);
    const changes = [
      { components: [{ key: 'cart@1', text: '"new"', revision: 1 }] },
      { rotatedTo: node.newKey() },
      { components: [{ key: 'cart@1', text: '"new"', revision: 9 }] },
      { components: [{ key: 'cart@1', text: undefined, revision: 1 }], sessionTimeout: 60 },
    ];
    const [first] = records;
    if (first !== undefined) await node.end(first, 'logout');

    const outcomes = await Promise.all(
      records.map((record, index) => store.commit(record, changes[index] ?? {})),
    );

    expect(outcomes.map(({ kind }) => kind)).toEqual(['ended', 'saved', 'conflict', 'saved']);
    const found = await Promise.all(records.map(({ key }) => store.open(key, false)));
    expect(found).toEqual([undefined, ...records.slice(1)]);
    expect(records.map(({ components }) => components?.size)).toEqual([1, 1, 1, 0]);
  });

  it('is done before an end that is asked for after it', async () => {
    const { store, node, records } = await setup(1);
    const [record] = records;
    if (record === undefined) throw new Error('There is none.');

    const [saved] = await Promise.all([
      node.write(record, 'cart@1', '"new"'),
      store.end(record, 'logout'),
    ]);

    expect(saved.kind).toBe('saved');
  });
});
