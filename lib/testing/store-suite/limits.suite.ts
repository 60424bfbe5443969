import assert from 'node:assert/strict';
import { type StoreSuite } from './store-suite.js';

/** What the limits promise that a store is started with. */
export function describeLimits({ describe, it }: StoreSuite): void {
  describe('maxSessions', () => {
    for (const [count, ended] of [
      [2, 0],
      [3, 0],
      [4, 1],
    ] as const) {
      it(`of 3 ends ${ended} of ${count}`, async (trial) => {
        const node = await trial.node({ maxSessions: 3 });

        await node.makeMany(count);

        assert.deepEqual(node.reasons, ended === 0 ? [] : ['limit']);
        assert.equal(await node.count(), count - ended);
      });
    }

    it('ends the session whose end was the nearest', async (trial) => {
      const node = await trial.node({ maxSessions: 3 });
      const timeouts = [300, 200, 400];
      const made = [];
      for (const sessionTimeout of timeouts) made.push(await node.make({ sessionTimeout }));

      await node.make();

      assert.deepEqual([node.reasons, made[1]?.ended], [['limit'], 'limit']);
    });

    it('spares the session that has been touched', async (trial) => {
      const node = await trial.node({ maxSessions: 2 });
      const [touched, idle] = [await node.make(), await node.make()];
      await trial.travel(60);
      await node.touch(touched.key);

      await node.make();

      assert.deepEqual([touched.ended, idle.ended], [undefined, 'limit']);
    });

    it('holds where many are made at once', async (trial) => {
      const node = await trial.node({ maxSessions: 5 });

      await Promise.all(Array.from({ length: 30 }, () => node.make()));
      await trial.sweep();

      assert.deepEqual([await node.count(), node.ends.length], [5, 25]);
    });
  });

  describe('maxPerPrincipal', () => {
    it('refuses the login too many, of which nothing is kept', async (trial) => {
      const node = await trial.node({ maxPerPrincipal: { limit: 2, policy: 'refuse' } });
      await node.makeFor('ada');
      await node.makeFor('ada');
      const record = await node.make();
      const before = { ...record };

      assert.deepEqual(await node.login(record, 'ada'), { kind: 'refused', limit: 2 });

      assert.deepEqual(await node.live(before.key), before);
      assert.deepEqual([(await node.list({ principal: 'ada' })).length, node.ends], [2, []]);
    });

    it('ends the earliest login for the one too many', async (trial) => {
      const node = await trial.node({ maxPerPrincipal: { limit: 2, policy: 'end-oldest' } });
      const [late, early] = [await node.make(), await node.make()];
      for (const record of [early, late]) {
        await node.login(record, 'ada');
        await trial.travel(1);
      }

      const last = await node.makeFor('ada');

      assert.deepEqual([early.ended, late.ended, last.ended], ['limit', undefined, undefined]);
      assert.deepEqual(node.reasons, ['limit']);
    });

    for (const policy of ['refuse', 'end-oldest'] as const) {
      it(`does not count the session that logs in again (${policy})`, async (trial) => {
        const node = await trial.node({ maxPerPrincipal: { limit: 2, policy } });
        const [first, second] = [await node.makeFor('ada'), await node.makeFor('ada')];

        assert.deepEqual(await node.login(first, 'ada'), { kind: 'saved' });

        assert.deepEqual([first.ended, second.ended, node.ends], [undefined, undefined, []]);
      });

      it(`does not count what has ended or is overdue (${policy})`, async (trial) => {
        const node = await trial.node({ maxPerPrincipal: { limit: 2, policy } });
        const [ended] = [await node.makeFor('ada'), await node.makeFor('ada')];
        await node.end(ended, 'logout');
        await trial.travel(900);

        const records = [await node.makeFor('ada'), await node.makeFor('ada')];
        await trial.sweep();

        assert.deepEqual(node.reasons, ['logout', 'idle']);
        for (const record of records) assert.equal(record.principal, 'ada');
      });

      it(`counts each principal for itself (${policy})`, async (trial) => {
        const node = await trial.node({ maxPerPrincipal: { limit: 1, policy } });

        for (const name of ['ada', 'bob', 'cleo']) await node.makeFor(name);

        assert.deepEqual([node.ends, await node.count()], [[], 3]);
      });

      it(`holds under 50 logins at once (${policy})`, async (trial) => {
        const node = await trial.node({ maxPerPrincipal: { limit: 3, policy } });
        const records = await node.makeMany(50);

        const answers = await Promise.all(records.map((record) => node.login(record, 'ada')));
        await trial.sweep();

        const saved = answers.filter(({ kind }) => kind === 'saved').length;
        assert.equal((await node.list({ principal: 'ada' })).length, 3);
        assert.deepEqual(
          [saved, node.ends.length, await node.count()],
          policy === 'refuse' ? [3, 0, 50] : [50, 47, 3],
        );
      });
    }
  });
}
