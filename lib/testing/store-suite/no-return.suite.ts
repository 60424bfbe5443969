import assert from 'node:assert/strict';
import { type SessionRecord } from '../../store/session-record.js';
import { OPERATIONS } from './operations.js';
import { type StoreSuite } from './store-suite.js';
import { type TestedNode } from './tested-node.js';

/** Nothing is left of a session, and its end was told once. */
async function assertGone(
  node: TestedNode,
  { id }: SessionRecord,
  keys: Iterable<string>,
): Promise<void> {
  for (const key of keys) assert.equal(await node.live(key), undefined);
  assert.equal(await node.store.directory.find(id), undefined);
  assert.deepEqual(
    [await node.count(), await node.list(), await node.list({ principal: 'ada' })],
    [0, [], []],
  );
  assert.equal(node.ends.length, 1);
}

/** That nothing brings a session back, and that whoever meets an overdue one ends it. */
export function describeNoReturn({ describe, it }: StoreSuite): void {
  describe('A session that has ended', () => {
    for (const [name, operate] of Object.entries(OPERATIONS)) {
      it(`stays so after ${name}`, async (trial) => {
        const node = await trial.node();
        const record = await node.makeFor('ada');
        const keys = new Set([record.key]);
        await node.end(record, 'logout');

        await operate(node, record);
        keys.add(record.key);
        await trial.advance(1);

        await assertGone(node, record, keys);
        assert.deepEqual(node.reasons, ['logout']);
      });

      it(`ends once, where its end crosses ${name}`, async (trial) => {
        const node = await trial.node();
        const record = await node.makeFor('ada');
        const keys = new Set([record.key]);

        await Promise.all([
          operate(node, record),
          node.end(record, 'logout'),
          operate(node, record),
        ]);
        keys.add(record.key);
        await trial.sweep();

        await assertGone(node, record, keys);
      });
    }
  });

  describe('A session that is overdue', () => {
    for (const [name, operate] of Object.entries(OPERATIONS)) {
      it(`has ended by its timeout, once, whoever meets it: ${name}`, async (trial) => {
        const node = await trial.node();
        const record = await node.makeFor('ada');
        const { key } = record;
        await trial.travel(900);

        await operate(node, record);
        await trial.sweep();

        await assertGone(node, record, [key, record.key]);
        assert.deepEqual([node.reasons, record.ended], [['idle'], 'idle']);
      });
    }
  });
}

/** The same on a node that has not heard of the end. */
export function describeNoReturnElsewhere({ describe, it }: StoreSuite): void {
  describe('A session that has ended on another node', () => {
    for (const [name, operate] of Object.entries(OPERATIONS)) {
      it(`stays so after ${name}`, async (trial) => {
        const [here, there] = await trial.pair();
        const record = await here.makeFor('ada');
        const held = await there.live(record.key);
        assert.ok(held !== undefined);
        await here.end(record, 'logout');

        await operate(there, held);
        await trial.sweep();

        for (const node of [here, there]) await assertGone(node, record, [record.key, held.key]);
        assert.deepEqual([there.reasons, held.ended], [['logout'], 'logout']);
      });

      it(`ends once on each, where its end crosses ${name}`, async (trial) => {
        const [here, there] = await trial.pair();
        const record = await here.makeFor('ada');
        const held = await there.live(record.key);
        assert.ok(held !== undefined);

        await Promise.all([operate(there, held), here.end(record, 'logout'), operate(there, held)]);
        await trial.sweep();

        for (const node of [here, there]) await assertGone(node, record, [record.key, held.key]);
        assert.deepEqual([here.reasons, held.ended], [there.reasons, there.reasons[0]]);
      });
    }
  });
}
