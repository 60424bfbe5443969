import assert from 'node:assert/strict';
import { type StoreSuite } from './store-suite.js';

/** What `start()` and `stop()` promise. */
export function describeLifeOfANode({ describe, it }: StoreSuite): void {
  describe('start()', () => {
    it('is called once', async (trial) => {
      const node = await trial.node();

      await assert.rejects(async () => node.store.start(trial.settings()));
    });

    it('comes before everything else', async (trial) => {
      const node = await trial.newNode();

      await assert.rejects(() => node.make());
    });
  });

  describe('stop()', () => {
    it('ends no session, and completes what tells of ends', async (trial) => {
      const node = await trial.node();
      const record = await node.make();

      await trial.stop(node);
      await trial.advance(5000);

      assert.deepEqual([node.ends, node.isComplete, record.ended], [[], true, undefined]);
    });
  });
}
