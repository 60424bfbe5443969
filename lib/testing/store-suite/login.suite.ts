import assert from 'node:assert/strict';
import { assertSameTime, type StoreSuite } from './store-suite.js';

/** What a change with `login` promises. */
export function describeLogin({ describe, it }: StoreSuite): void {
  describe('A login', () => {
    it('says whose session it is, how strongly, and since when', async (trial) => {
      const node = await trial.node();
      const record = await node.make();
      await trial.travel(60);

      assert.deepEqual(await node.login(record, 'ada', 'mfa'), { kind: 'saved' });

      const found = await node.live(record.key);
      assert.deepEqual([found?.principal, found?.level], ['ada', 'mfa']);
      assertSameTime(found?.loggedInAt, record.createdAt + 60);
    });

    it('leaves the key before it dead', async (trial) => {
      const node = await trial.node();
      const record = await node.make();
      const old = record.key;

      await node.login(record, 'ada');

      assert.deepEqual([await node.live(old), await node.live(record.key)], [undefined, record]);
    });

    it('takes the level of an earlier one away', async (trial) => {
      const node = await trial.node();
      const record = await node.make();
      await node.login(record, 'ada', 'mfa');

      await node.login(record, 'ada');

      assert.equal((await node.live(record.key))?.level, undefined);
    });

    it('moves the session from one principal to another', async (trial) => {
      const node = await trial.node();
      const record = await node.makeFor('ada');
      const of = (principal: string): Promise<readonly string[]> => node.list({ principal });
      assert.deepEqual([await of('ada'), await of('bob')], [[record.id], []]);

      await node.login(record, 'bob');

      assert.deepEqual([await of('ada'), await of('bob')], [[], [record.id]]);
    });

    it('of the same principal once more changes nothing in its listing', async (trial) => {
      const node = await trial.node();
      const record = await node.makeFor('ada');
      await trial.travel(1);

      await node.login(record, 'ada');

      assert.deepEqual(await node.list({ principal: 'ada' }), [record.id]);
    });

    for (const [seconds, reasons] of [
      [99, []],
      [100, ['absolute']],
      [101, ['absolute']],
    ] as const) {
      it(`restarts the absolute timeout of 100 s, which has ended ${reasons.length} session ${seconds} s after it`, async (trial) => {
        const node = await trial.node();
        const record = await node.make({ absoluteTimeout: 100 });
        await trial.advance(60);

        await node.login(record, 'ada');
        await trial.advance(seconds);

        assert.deepEqual(node.reasons, reasons);
      });
    }

    it('counts from the last touch, be it one that the absolute timeout made meaningless', async (trial) => {
      const node = await trial.node();
      const record = await node.make({ sessionTimeout: 90, absoluteTimeout: 100 });
      for (const seconds of [50, 45]) {
        await trial.advance(seconds);
        await node.touch(record.key);
      }

      await node.login(record, 'ada');
      await trial.advance(89);
      const before = [...node.reasons];
      await trial.advance(1);

      assert.deepEqual([before, node.reasons], [[], ['idle']]);
    });

    for (const [seconds, reasons] of [
      [899, []],
      [900, ['idle']],
      [901, ['idle']],
    ] as const) {
      it(`with a touch has ended ${reasons.length} session of 900 s ${seconds} s after it`, async (trial) => {
        const node = await trial.node();
        const record = await node.make();
        await trial.advance(600);

        const at = record.createdAt + 600;
        await node.commit(record, {
          lastModified: at,
          rotatedTo: node.newKey(),
          login: { principal: 'ada', level: undefined, at },
        });
        await trial.advance(seconds);

        assert.deepEqual(node.reasons, reasons);
      });
    }

    for (const principal of ['a:b', 'a|b', 'ä ; €', '[', '__proto__', 'x'.repeat(500)]) {
      it(`is of whoever it names: ${principal.slice(0, 10)}`, async (trial) => {
        const node = await trial.node();
        const [record] = [await node.makeFor(principal), await node.makeFor(`${principal}:`)];

        const ended = await node.store.directory.endAll(principal, 'revoked', undefined);

        assert.equal(ended, 1);
        assert.deepEqual([record.ended, await node.count()], ['revoked', 1]);
      });
    }
  });
}
