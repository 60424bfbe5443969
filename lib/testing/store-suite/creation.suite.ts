import assert from 'node:assert/strict';
import { assertSameTime, type StoreSuite } from './store-suite.js';

/** What `create()` promises. */
export function describeCreation({ describe, it }: StoreSuite): void {
  describe('create()', () => {
    it('keeps a session, in the record that it is given', async (trial) => {
      const node = await trial.node();

      const record = await node.make();

      assert.equal(await node.live(record.key), record);
    });

    it('keeps what a session is made with', async (trial) => {
      const node = await trial.node();
      const { key, id } = await node.make({ sessionTimeout: 60.5, absoluteTimeout: 120.25 });

      const found = await node.live(key);

      assert.deepEqual(
        [found?.id, found?.key, found?.sessionTimeout, found?.absoluteTimeout],
        [id, key, 60.5, 120.25],
      );
      assert.deepEqual(
        [found?.principal, found?.level, found?.loggedInAt, found?.components, found?.ended],
        [undefined, undefined, undefined, undefined, undefined],
      );
    });

    it('begins the life of a session now', async (trial) => {
      const node = await trial.node();
      const first = await node.make();
      await trial.travel(60);

      const second = await node.make();

      assertSameTime(second.createdAt, first.createdAt + 60);
      assertSameTime(second.lastModified, first.createdAt + 60);
    });

    it('overwrites no session', async (trial) => {
      const node = await trial.node();
      const record = await node.make();

      await assert.rejects(async () => node.make({ key: record.key }));

      assert.deepEqual([await node.live(record.key), await node.count()], [record, 1]);
    });

    it('gives a key to one of those who ask for it at once', async (trial) => {
      const node = await trial.node();
      const key = node.newKey();

      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, () => node.make({ key })),
      );

      assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
      assert.deepEqual([await node.count(), (await node.list()).length], [1, 1]);
    });

    it('ends nothing', async (trial) => {
      const node = await trial.node();

      await node.makeMany(3);
      await trial.sweep();

      assert.deepEqual([node.ends, await node.count()], [[], 3]);
    });
  });
}
