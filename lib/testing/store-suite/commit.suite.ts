import assert from 'node:assert/strict';
import { assertSameTime, type StoreSuite } from './store-suite.js';
import { textOf } from './tested-node.js';

/** What `commit()` promises of everything but components, rotation and login. */
export function describeCommit({ describe, it }: StoreSuite): void {
  describe('commit()', () => {
    it('saves nothing where nothing changed, and touches nothing', async (trial) => {
      const node = await trial.node();
      const record = await node.make();
      await trial.travel(60);

      assert.deepEqual(await node.commit(record), { kind: 'saved' });

      assertSameTime((await node.live(record.key))?.lastModified, record.createdAt);
    });

    it('saves a touch, which puts off the end', async (trial) => {
      const node = await trial.node();
      const record = await node.make();
      await trial.travel(600);

      await node.commit(record, { lastModified: record.createdAt + 600 });
      await trial.advance(899);

      assertSameTime(record.lastModified, record.createdAt + 600);
      assert.deepEqual(node.ends, []);
    });

    it('never takes a touch back', async (trial) => {
      const node = await trial.node();
      const record = await node.make();
      await trial.travel(600);
      await node.touch(record.key);

      await node.commit(record, { lastModified: record.createdAt + 10 });
      await trial.advance(899);

      assertSameTime(record.lastModified, record.createdAt + 600);
      assert.deepEqual(node.ends, []);
    });

    it('applies all of a change, to the store and to the record', async (trial) => {
      const node = await trial.node();
      const record = await node.make();
      const lastModified = record.createdAt + 5;
      await trial.travel(5);

      const answer = await node.commit(record, {
        lastModified,
        sessionTimeout: 60,
        components: [{ key: 'cart@1', text: '{"items":[]}', revision: 0 }],
        rotatedTo: node.newKey(),
        login: { principal: 'ada', level: 'mfa', at: lastModified },
      });

      assert.deepEqual(answer, { kind: 'saved' });
      const { sessionTimeout, principal, level } = record;
      assert.deepEqual([sessionTimeout, principal, level], [60, 'ada', 'mfa']);
      assert.equal(textOf(record, 'cart@1'), '{"items":[]}');
      assertSameTime(record.lastModified, lastModified);
      assert.equal(await node.live(record.key), record);
    });

    it('applies nothing of a change that conflicts', async (trial) => {
      const node = await trial.node();
      const record = await node.make();
      await node.write(record, 'cart@1', '"first"');
      const before = { ...record };
      await trial.travel(5);

      const rotatedTo = node.newKey();
      const at = record.createdAt + 5;
      const answer = await node.commit(record, {
        lastModified: at,
        sessionTimeout: 60,
        components: [
          { key: 'fine@1', text: '"fine"', revision: 0 },
          { key: 'cart@1', text: '"stale"', revision: 7 },
        ],
        rotatedTo,
        login: { principal: 'ada', level: 'mfa', at },
      });

      assert.deepEqual(answer, { kind: 'conflict', components: ['cart@1'] });
      assert.deepEqual(await node.live(before.key), before);
      assert.deepEqual(
        [await node.live(rotatedTo), await node.list({ principal: 'ada' })],
        [undefined, []],
      );
    });

    it('names the reason to who comes after the end', async (trial) => {
      const node = await trial.node();
      const record = await node.make();
      await node.end(record, 'banned');

      assert.deepEqual(await node.commit(record), { kind: 'ended', reason: 'banned' });
    });
  });
}
