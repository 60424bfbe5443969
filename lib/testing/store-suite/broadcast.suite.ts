import assert from 'node:assert/strict';
import { type SessionEnd } from '../../store/session.store.js';
import { type StoreSuite } from './store-suite.js';
import { textOf } from './tested-node.js';

/** What can be compared of an end: a node may have something live in its record. */
const shown = ({ record, ...end }: SessionEnd): object => ({
  ...end,
  record: { ...record, live: undefined, components: [...(record.components ?? [])] },
});

/** What many nodes are told of each other's ends. */
export function describeBroadcast({ describe, it }: StoreSuite): void {
  describe('An end, with many nodes,', () => {
    it('is told to each of them, once and the same', async (trial) => {
      const [here, there] = await trial.pair();
      const record = await here.makeFor('ada');
      await here.write(record, 'cart@1', '"tea"');

      await here.end(record, 'logout');
      await trial.sweep();
      await trial.advance(5000);

      assert.equal(there.ends.length, 1);
      assert.deepEqual(there.ends.map(shown), here.ends.map(shown));
      assert.equal(textOf(there.ends[0]?.record, 'cart@1'), '"tea"');
    });

    it('is told to all in the same order, whoever caused it', async (trial) => {
      const [here, there] = await trial.pair();
      const records = await here.makeMany(10);

      for (const [index, { key }] of records.entries()) {
        const node = index % 2 === 0 ? here : there;
        const record = await node.live(key);
        if (record !== undefined) await node.end(record, `${index}`);
      }
      await trial.sweep();

      assert.deepEqual(
        [here.reasons, there.reasons],
        [there.reasons, records.map((_, i) => `${i}`)],
      );
    });

    it('by a timeout is told to each of them once', async (trial) => {
      const [here, there] = await trial.pair();
      await here.makeMany(5);
      await there.makeMany(5);

      await trial.advance(900);

      assert.deepEqual([here.ends.length, there.ends.length], [10, 10]);
      assert.deepEqual(new Set([...here.reasons, ...there.reasons]), new Set(['idle']));
    });

    it('is told to nobody who came later', async (trial) => {
      const here = await trial.node();
      await here.end(await here.make(), 'logout');

      const there = await trial.node();
      await trial.sweep();

      assert.deepEqual([here.ends.length, there.ends], [1, []]);
    });

    it('marks the record that another node holds', async (trial) => {
      const [here, there] = await trial.pair();
      const record = await here.make();
      const held = await there.live(record.key);

      await here.end(record, 'logout');
      await trial.sweep();

      assert.equal(held?.ended, 'logout');
      assert.equal(there.ends[0]?.record, held);
    });

    it('is missed by no node that just finds the session', async (trial) => {
      const [here, there] = await trial.pair();
      const records = await here.makeMany(20);

      const [found] = await Promise.all([
        Promise.all(records.map(({ key }) => there.live(key))),
        Promise.all(records.map((record) => here.end(record, 'logout'))),
        trial.sweep(),
      ]);
      await trial.sweep();

      for (const record of found) assert.equal(record?.ended ?? 'logout', 'logout');
      assert.equal(there.ends.length, 20);
    });

    it('is that of each session of a principal, on whichever node it was made', async (trial) => {
      const [here, there] = await trial.pair();
      await here.makeFor('ada');
      const spared = await here.makeFor('ada');
      await there.makeFor('ada');

      assert.equal(await here.store.directory.endAll('ada', 'revoked', spared), 2);
      await trial.sweep();

      assert.deepEqual([here.reasons, there.reasons], [there.reasons, ['revoked', 'revoked']]);
      assert.deepEqual(await there.list(), [spared.id]);
    });

    it('is none where a node stops', async (trial) => {
      const [here, there] = await trial.pair();
      const { key } = await there.make();

      await trial.stop(there);
      await trial.sweep();

      assert.deepEqual([here.ends, (await here.live(key)) === undefined], [[], false]);
    });
  });
}
