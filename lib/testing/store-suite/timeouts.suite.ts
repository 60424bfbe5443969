import assert from 'node:assert/strict';
import { assertSameTime, type StoreSuite } from './store-suite.js';

/** When sessions end by themselves, and why: each limit just before it, at it and just after it. */
export function describeTimeouts({ describe, it }: StoreSuite): void {
  describe('The idle timeout', () => {
    for (const [seconds, reasons] of [
      [899, []],
      [900, ['idle']],
      [901, ['idle']],
    ] as const) {
      it(`of 900 s has ended ${reasons.length} session after ${seconds} s`, async (trial) => {
        const node = await trial.node();
        const { key } = await node.make();

        await trial.advance(seconds);

        assert.deepEqual(node.reasons, reasons);
        assert.equal((await node.live(key)) === undefined, reasons.length === 1);
      });

      it(`begins anew with a touch, and has ended ${reasons.length} session ${seconds} s after it`, async (trial) => {
        const node = await trial.node();
        const { key } = await node.make();
        await trial.advance(600);
        await node.touch(key);

        await trial.advance(seconds);

        assert.deepEqual(node.reasons, reasons);
      });
    }

    it('says when: at its end or as soon after as it was noticed', async (trial) => {
      const node = await trial.node();
      const { createdAt } = await node.make();

      await trial.advance(910);

      const at = node.ends[0]?.at ?? 0;
      assert.ok(at >= createdAt + 900 && at < createdAt + 911, `It is ${at - createdAt}.`);
    });

    it('ends the sessions that are due in the order of their ends', async (trial) => {
      const node = await trial.node();
      const timeouts = [300, 100, 500, 200, 400];
      for (const sessionTimeout of timeouts) await node.make({ sessionTimeout });

      await trial.advance(450);

      const ended = node.ends.map(({ record }) => record.sessionTimeout);
      assert.deepEqual([ended, await node.count()], [[100, 200, 300, 400], 1]);
    });
  });

  describe('The absolute timeout', () => {
    for (const [seconds, reasons] of [
      [99, []],
      [100, ['absolute']],
      [101, ['absolute']],
    ] as const) {
      it(`of 100 s has ended ${reasons.length} session after ${seconds} s, touched or not`, async (trial) => {
        const node = await trial.node();
        const { key } = await node.make({ sessionTimeout: 90, absoluteTimeout: 100 });
        await trial.advance(50);
        await node.touch(key);

        await trial.advance(seconds - 50);

        assert.deepEqual(node.reasons, reasons);
      });
    }

    for (const [seconds, reason] of [
      [9, 'idle'],
      [10, 'absolute'],
      [11, 'absolute'],
    ] as const) {
      it(`of 100 s is not the idle one of 90: after a touch at ${seconds} s the end is ${reason}`, async (trial) => {
        const node = await trial.node();
        const record = await node.make({ sessionTimeout: 90, absoluteTimeout: 100 });
        await trial.travel(seconds);
        await node.touch(record.key);

        await trial.advance(200);

        assert.deepEqual(node.reasons, [reason]);
      });
    }

    it('is the reason where both are over at once', async (trial) => {
      const node = await trial.node();
      await node.make({ sessionTimeout: 60, absoluteTimeout: 60 });

      await trial.advance(60);

      assert.deepEqual(node.reasons, ['absolute']);
    });
  });

  describe('A change of the timeout', () => {
    for (const [timeout, seconds, reasons] of [
      [60, 59, []],
      [60, 60, ['idle']],
      [60, 61, ['idle']],
      [1800, 1799, []],
      [1800, 1800, ['idle']],
      [1800, 1801, ['idle']],
    ] as const) {
      it(`from 900 to ${timeout} s has ended ${reasons.length} session after ${seconds} s`, async (trial) => {
        const node = await trial.node();
        const record = await node.make();

        await node.commit(record, { sessionTimeout: timeout, lastModified: record.createdAt });
        await trial.advance(seconds);

        assert.deepEqual([record.sessionTimeout, node.reasons], [timeout, reasons]);
      });
    }

    it('counts from the last touch where none comes with it', async (trial) => {
      const node = await trial.node();
      const record = await node.make();
      await trial.travel(30);

      await node.commit(record, { sessionTimeout: 60 });
      await trial.advance(29);
      const before = [...node.reasons];
      await trial.advance(1);

      assert.deepEqual([before, node.reasons], [[], ['idle']]);
    });

    it('counts from the touch that comes with it', async (trial) => {
      const node = await trial.node();
      const record = await node.make();
      await trial.travel(100);

      const lastModified = record.createdAt + 100;
      await node.commit(record, { sessionTimeout: 60, lastModified });
      await trial.advance(59);

      assert.deepEqual(node.ends, []);
      assertSameTime((await node.live(record.key))?.lastModified, lastModified);
    });

    it('to a longer one than is left gives way to the absolute timeout', async (trial) => {
      const node = await trial.node();
      const record = await node.make();

      await node.commit(record, { sessionTimeout: 5000, lastModified: record.createdAt });
      await trial.advance(3600);

      assert.deepEqual(node.reasons, ['absolute']);
    });
  });
}
