import assert from 'node:assert/strict';
import { assertSameTime, type StoreSuite } from './store-suite.js';

/** What `find()`, `count()` and `list()` of the directory promise. */
export function describeDirectory({ describe, it }: StoreSuite): void {
  describe('find()', () => {
    it('finds a session by its handle, without touching it', async (trial) => {
      const node = await trial.node();
      const record = await node.make();
      await trial.travel(60);

      assert.equal(await node.store.directory.find(record.id), record);

      assertSameTime(record.lastModified, record.createdAt);
    });

    for (const id of ['', 'unknown', 'id-', '*', '[a', '__proto__', 'x:y', 'ä']) {
      it(`finds nothing by what is no handle: ${JSON.stringify(id)}`, async (trial) => {
        const node = await trial.node();
        await node.make();

        assert.equal(await node.store.directory.find(id), undefined);
      });
    }
  });

  describe('count()', () => {
    it('counts the sessions that are alive', async (trial) => {
      const node = await trial.node();
      const [first] = await node.makeMany(3);
      assert.equal(await node.count(), 3);

      if (first !== undefined) await node.end(first, 'logout');

      assert.equal(await node.count(), 2);
    });
  });

  describe('list()', () => {
    it('lists all in the order of their creation, over many pages', async (trial) => {
      const node = await trial.node();
      const made = await node.makeMany(250);

      assert.deepEqual(
        await node.list(),
        made.map(({ id }) => id),
      );
    });

    it('lists the sessions of a principal in the order of their creation', async (trial) => {
      const node = await trial.node();
      const made = await node.makeMany(6);
      for (const record of [...made].reverse()) {
        await trial.travel(1);
        await node.login(record, record.id < 'id-00000004' ? 'ada' : 'bob');
      }

      assert.deepEqual(
        await node.list({ principal: 'ada' }),
        made.slice(0, 3).map(({ id }) => id),
      );
      assert.deepEqual(await node.list({ principal: 'nobody' }), []);
    });

    for (const limit of [0, 1, 2, 3, 4]) {
      it(`lists at most ${limit} of 3`, async (trial) => {
        const node = await trial.node();
        const made = await node.makeMany(3);

        assert.deepEqual(
          await node.list({ limit }),
          made.slice(0, limit).map(({ id }) => id),
        );
      });
    }

    it('goes on after a handle, be its session dead', async (trial) => {
      const node = await trial.node();
      const ids = (await node.makeMany(5)).map(({ id }) => id);
      const [, second] = ids;
      const found = await node.store.directory.find(second ?? '');
      if (found !== undefined) await node.end(found, 'logout');

      assert.deepEqual(await node.list({ after: second }), ids.slice(2));
      assert.deepEqual(await node.list({ after: ids[0], limit: 2 }), ids.slice(2, 4));
      assert.deepEqual(await node.list({ after: ids[4] }), []);
    });

    it('goes on after a handle among those of a principal', async (trial) => {
      const node = await trial.node();
      const ids: string[] = [];
      for (const name of ['ada', 'bob', 'ada', 'bob', 'ada'])
        ids.push((await node.makeFor(name)).id);

      assert.deepEqual(await node.list({ principal: 'ada', after: ids[0] }), [ids[2], ids[4]]);
      assert.deepEqual(await node.list({ principal: 'ada', after: ids[1], limit: 1 }), [ids[2]]);
    });

    it('lists nothing that has ended, and nothing that is overdue', async (trial) => {
      const node = await trial.node();
      const [ended] = [await node.make(), await node.make({ sessionTimeout: 60 })];
      const alive = await node.make();
      await node.end(ended, 'logout');
      await trial.travel(60);

      assert.deepEqual(await node.list(), [alive.id]);
    });

    it('touches nothing', async (trial) => {
      const node = await trial.node();
      const record = await node.make();
      await trial.travel(600);

      await node.list();
      await trial.advance(300);

      assert.deepEqual([node.reasons, record.ended], [['idle'], 'idle']);
    });

    it('yields the state that sessions have', async (trial) => {
      const node = await trial.node();
      const { key } = await node.makeFor('ada');

      for await (const found of node.store.directory.list({})) {
        assert.deepEqual([found.key, found.principal, found.ended], [key, 'ada', undefined]);
      }
    });
  });
}
