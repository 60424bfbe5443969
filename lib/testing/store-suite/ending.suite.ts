import assert from 'node:assert/strict';
import { assertSameTime, type StoreSuite } from './store-suite.js';
import { textOf } from './tested-node.js';

/** What `end()` promises, and every end. */
export function describeEnding({ describe, it }: StoreSuite): void {
  describe('end()', () => {
    it('ends a session, for the reason given', async (trial) => {
      const node = await trial.node();
      const record = await node.make();

      await node.end(record, 'logout');

      assert.deepEqual([record.ended, node.reasons], ['logout', ['logout']]);
      assert.deepEqual([await node.live(record.key), await node.count()], [undefined, 0]);
    });

    it('ends a session once: the first reason stays', async (trial) => {
      const node = await trial.node();
      const record = await node.make();

      await node.end(record, 'first');
      await node.end(record, 'second');
      await trial.advance(5000);

      assert.deepEqual([record.ended, node.reasons], ['first', ['first']]);
    });

    it('ends a session once, where many do it at once', async (trial) => {
      const node = await trial.node();
      const record = await node.make();

      await Promise.all(Array.from({ length: 50 }, () => node.end(record, 'logout')));
      await trial.sweep();

      assert.deepEqual(node.reasons, ['logout']);
    });

    it('ends a session once, by a record from a listing too', async (trial) => {
      const node = await trial.node();
      await node.make();
      for await (const record of node.store.directory.list({})) {
        await node.end(record, 'first');
        await node.end(record, 'second');
        assert.deepEqual(await node.commit(record), { kind: 'ended', reason: 'first' });
      }
      await trial.sweep();

      assert.deepEqual(node.reasons, ['first']);
    });

    it('leaves all others alone', async (trial) => {
      const node = await trial.node();
      const [first, second, third] = [await node.make(), await node.make(), await node.make()];

      await node.end(second, 'logout');

      assert.deepEqual([first.ended, third.ended], [undefined, undefined]);
      assert.deepEqual(await node.list(), [first.id, third.id]);
    });

    it('finds a session overdue that is: its timeout is the reason', async (trial) => {
      const node = await trial.node();
      const record = await node.make();
      await trial.travel(900);

      await node.end(record, 'logout');

      assert.deepEqual(node.reasons, ['idle']);
    });

    for (const reason of ['a:b', 'x|y|z', 'ünïcode \u{1F44B}', 'rotated:away', 'lost']) {
      it(`gives any reason as it is: ${reason}`, async (trial) => {
        const node = await trial.node();
        const record = await node.makeFor('ada');

        await node.end(record, reason);

        assert.deepEqual([node.reasons, record.ended], [[reason], reason]);
        assert.deepEqual(await node.commit(record), { kind: 'ended', reason });
      });
    }
  });

  describe('The event of an end', () => {
    it('carries the session as it was at last', async (trial) => {
      const node = await trial.node();
      const record = await node.makeFor('ada');
      await node.write(record, 'cart@1', '"tea"');

      await node.end(record, 'logout');

      const [end] = node.ends;
      assert.equal(end?.record, record);
      assert.deepEqual([end.record.principal, textOf(end.record, 'cart@1')], ['ada', '"tea"']);
    });

    it('says when, and has a name of its own', async (trial) => {
      const node = await trial.node();
      const [first, second] = [await node.make(), await node.make()];
      await trial.travel(60);

      await node.end(first, 'logout');
      await node.end(second, 'logout');

      assertSameTime(node.ends[0]?.at, first.createdAt + 60);
      assert.equal(new Set(node.ends.map(({ eventId }) => eventId)).size, 2);
    });

    it('comes when the session is gone', async (trial) => {
      const node = await trial.node();
      const record = await node.makeFor('ada');
      const seen: unknown[] = [];
      node.store.ends$.subscribe(() => {
        seen.push(node.live(record.key), node.store.directory.find(record.id));
        seen.push(node.store.directory.count(), node.list({ principal: 'ada' }));
      });

      await node.end(record, 'logout');

      assert.deepEqual(await Promise.all(seen), [undefined, undefined, 0, []]);
    });

    it('comes once to each who listens, in the order of ends', async (trial) => {
      const node = await trial.node();
      const told: string[] = [];
      node.store.ends$.subscribe(({ reason }) => told.push(reason));
      const records = await node.makeMany(5);

      for (const [index, record] of records.entries()) await node.end(record, `${index}`);

      assert.deepEqual([told, node.reasons], [node.reasons, ['0', '1', '2', '3', '4']]);
    });
  });
}
