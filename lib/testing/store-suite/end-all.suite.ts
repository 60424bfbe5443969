import assert from 'node:assert/strict';
import { type StoreSuite } from './store-suite.js';

/** What `endAll()` of the directory promises. */
export function describeEndAll({ describe, it }: StoreSuite): void {
  describe('endAll()', () => {
    it('ends every session of a principal, and of nobody else', async (trial) => {
      const node = await trial.node();
      const [first, second] = [await node.makeFor('ada'), await node.makeFor('ada')];
      const others = [await node.makeFor('bob'), await node.make()];

      assert.equal(await node.store.directory.endAll('ada', 'revoked', undefined), 2);

      assert.deepEqual([first.ended, second.ended], ['revoked', 'revoked']);
      assert.deepEqual(
        await node.list(),
        others.map(({ id }) => id),
      );
    });

    it('tells of each end before it answers', async (trial) => {
      const node = await trial.node();
      for (let turn = 0; turn < 3; turn++) await node.makeFor('ada');

      await node.store.directory.endAll('ada', 'revoked', undefined);

      assert.deepEqual(node.reasons, ['revoked', 'revoked', 'revoked']);
    });

    it('spares one', async (trial) => {
      const node = await trial.node();
      const [, spared] = [await node.makeFor('ada'), await node.makeFor('ada')];
      await node.makeFor('ada');

      assert.equal(await node.store.directory.endAll('ada', 'revoked', spared), 2);
      await trial.sweep();

      assert.deepEqual(await node.list({ principal: 'ada' }), [spared.id]);
      assert.equal(await node.live(spared.key), spared);
    });

    it('ends many', async (trial) => {
      const node = await trial.node();
      for (let turn = 0; turn < 120; turn++) await node.makeFor('ada');

      assert.equal(await node.store.directory.endAll('ada', 'revoked', undefined), 120);

      assert.deepEqual([await node.count(), node.ends.length], [0, 120]);
    });

    it('ends nothing where there is nothing', async (trial) => {
      const node = await trial.node();
      const record = await node.makeFor('bob');

      assert.equal(await node.store.directory.endAll('ada', 'revoked', undefined), 0);
      assert.equal(await node.store.directory.endAll('ada', 'revoked', record), 0);

      assert.deepEqual([node.ends, await node.live(record.key)], [[], record]);
    });

    it('has nothing against who logs in after it, in the same moment too', async (trial) => {
      const node = await trial.node();
      await node.makeFor('ada');
      await node.store.directory.endAll('ada', 'revoked', undefined);

      const record = await node.makeFor('ada');
      await trial.sweep();

      assert.deepEqual([await node.live(record.key), node.ends.length], [record, 1]);
    });

    it('leaves no login usable that was there when it was called', async (trial) => {
      const node = await trial.node();
      const records = await node.makeMany(10);
      await Promise.all(records.map((record) => node.login(record, 'ada')));

      const [, ...looks] = await Promise.all([
        node.store.directory.endAll('ada', 'revoked', undefined),
        ...records.map(({ key }) => node.live(key)),
      ]);
      const later = await Promise.all(records.map(({ key }) => node.live(key)));

      assert.equal(looks.length, 10);
      assert.deepEqual(new Set(later), new Set([undefined]));
      assert.equal(node.ends.length, 10);
    });
  });
}
