import assert from 'node:assert/strict';
import { assertSameTime, type StoreSuite } from './store-suite.js';
import { textOf } from './tested-node.js';

/** What a change with `rotatedTo` promises. */
export function describeRotation({ describe, it }: StoreSuite): void {
  describe('A rotation', () => {
    it('gives the session a new key, and the old one is dead at once', async (trial) => {
      const node = await trial.node();
      const record = await node.make();
      const [old, rotatedTo] = [record.key, node.newKey()];

      assert.deepEqual(await node.commit(record, { rotatedTo }), { kind: 'saved' });

      assert.deepEqual([record.key, await node.store.open(old, true)], [rotatedTo, 'rotated']);
      assert.equal(await node.live(rotatedTo), record);
    });

    it('keeps all that the session is and has', async (trial) => {
      const node = await trial.node();
      const record = await node.makeFor('ada', { secure: true });
      await node.write(record, 'cart@1', '1');
      const before = { ...record, key: '' };

      await node.rotate(record);

      assert.deepEqual({ ...(await node.live(record.key)), key: '' }, before);
      assert.equal(textOf(record, 'cart@1'), '1');
      assert.equal((await node.write(record, 'cart@1', '2')).kind, 'saved');
    });

    it('is no end and no beginning', async (trial) => {
      const node = await trial.node();
      const record = await node.makeFor('ada');

      await node.rotate(record);
      await trial.sweep();

      assert.deepEqual([node.ends, await node.count()], [[], 1]);
      assert.deepEqual(
        [await node.list(), await node.list({ principal: 'ada' })],
        [[record.id], [record.id]],
      );
      assert.equal(await node.store.directory.find(record.id), record);
    });

    it('leaves every old key dead, however many there are', async (trial) => {
      const node = await trial.node();
      const record = await node.make();
      const keys: string[] = [];
      for (let turn = 0; turn < 5; turn++) {
        keys.push(record.key);
        await node.rotate(record);
      }

      for (const key of keys) assert.equal(await node.live(key), undefined);
      assert.equal(await node.live(record.key), record);
    });

    it('is no touch', async (trial) => {
      const node = await trial.node();
      const record = await node.make();
      await trial.advance(600);

      await node.rotate(record);
      await trial.advance(299);
      const before = [...node.reasons];
      await trial.advance(1);

      assert.deepEqual([before, node.reasons], [[], ['idle']]);
    });

    it('leaves no touch to the old key', async (trial) => {
      const node = await trial.node();
      const record = await node.make();
      const old = record.key;
      await trial.travel(600);
      await node.rotate(record);

      await node.touch(old);

      assertSameTime((await node.live(record.key))?.lastModified, record.createdAt);
    });

    it('does not restart the absolute timeout', async (trial) => {
      const node = await trial.node();
      const record = await node.make({ absoluteTimeout: 1000 });
      await trial.advance(600);
      await node.touch(record.key);

      await node.rotate(record);
      await trial.advance(399);
      const before = [...node.reasons];
      await trial.advance(1);

      assert.deepEqual([before, node.reasons], [[], ['absolute']]);
    });

    it('comes to an end as any session does, once', async (trial) => {
      const node = await trial.node();
      const record = await node.make();
      await node.rotate(record);

      await node.end(record, 'logout');
      await trial.advance(5000);

      assert.deepEqual([node.reasons, await node.live(record.key)], [['logout'], undefined]);
      assert.deepEqual([await node.count(), await node.list()], [0, []]);
    });
  });
}
