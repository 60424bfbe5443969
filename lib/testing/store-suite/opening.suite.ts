import assert from 'node:assert/strict';
import { assertSameTime, type StoreSuite } from './store-suite.js';

/** Made over https, http or outside of a request; asked for in the same three ways. */
const SCHEMES = [true, false, undefined] as const;

/** What `open()` promises. */
export function describeOpening({ describe, it }: StoreSuite): void {
  describe('open()', () => {
    for (const touch of [true, false]) {
      it(`finds nothing under an unknown key, and makes nothing (touch: ${touch})`, async (trial) => {
        const node = await trial.node();

        const found = await node.store.open(node.newKey(), touch);

        assert.deepEqual([found, await node.count(), await node.list()], [undefined, 0, []]);
      });
    }

    it('touches with touch', async (trial) => {
      const node = await trial.node();
      const record = await node.make();
      await trial.travel(60);

      assert.equal(await node.store.open(record.key, true), record);

      assertSameTime(record.lastModified, record.createdAt + 60);
    });

    it('touches nothing without', async (trial) => {
      const node = await trial.node();
      const record = await node.make();
      await trial.travel(60);

      assert.equal(await node.store.open(record.key, false), record);

      assertSameTime(record.lastModified, record.createdAt);
    });

    it('gives everybody on a node the same record', async (trial) => {
      const node = await trial.node();
      const { key } = await node.make();

      const found = await Promise.all([node.live(key), node.live(key), node.live(key)]);

      assert.deepEqual(new Set(found), new Set([await node.live(key)]));
    });

    it('gives the record that the node holds already, where it knows what it holds', async (trial) => {
      const node = await trial.node();
      const record = await node.make();
      const old = record.key;
      await node.rotate(record);

      const held = node.store.held(record.key);

      if (held === 'unknown') return;
      assert.equal(held, record);
      assert.deepEqual(
        [node.store.held(old), node.store.held(node.newKey())],
        [undefined, undefined],
      );
      await node.end(record, 'logout');
      assert.equal(node.store.held(record.key), undefined);
    });

    for (const made of SCHEMES) {
      for (const asked of SCHEMES) {
        const isFound = made === undefined || asked === undefined || made === asked;
        it(`${isFound ? 'finds' : 'hides'} what was made with secure: ${made} from secure: ${asked}`, async (trial) => {
          const node = await trial.node();
          const record = await node.make({ secure: made });

          const found = await node.store.open(record.key, false, asked);

          assert.equal(found, isFound ? record : undefined);
        });
      }
    }

    it('neither touches nor ends what it hides', async (trial) => {
      const node = await trial.node();
      const record = await node.make({ secure: true });
      await trial.travel(60);

      await node.store.open(record.key, true, false);

      assertSameTime(record.lastModified, record.createdAt);
      assert.deepEqual([await node.live(record.key), node.ends], [record, []]);
    });

    it('tells that a key was rotated away, and that a dead one is dead', async (trial) => {
      const node = await trial.node();
      const [rotated, ended] = [await node.make(), await node.make()];
      const keys = [rotated.key, ended.key] as const;

      await node.rotate(rotated);
      await node.end(ended, 'logout');

      assert.equal(await node.store.open(keys[0], true), 'rotated');
      assert.equal(await node.store.open(keys[1], true), undefined);
    });
  });
}
