import assert from 'node:assert/strict';
import { type SessionCommit } from '../../store/session.store.js';
import { assertSameTime, type StoreSuite } from './store-suite.js';
import { textOf } from './tested-node.js';

/** What nodes see of each other's changes, and what becomes of those that cross. */
export function describeManyNodes({ describe, it }: StoreSuite): void {
  describe('With many nodes, a session', () => {
    it('is found on each, as one record a node for as long as it is held', async (trial) => {
      const [here, there] = await trial.pair();
      const record = await here.make();

      const held = await there.live(record.key);

      assert.equal(await there.live(record.key), held);
      assert.equal(await there.store.directory.find(record.id), held);
      assert.equal(await here.live(record.key), record);
      assert.deepEqual({ ...held }, { ...record });
    });

    it('is on every node what one has made of it', async (trial) => {
      const [here, there] = await trial.pair();
      const record = await here.make();
      const held = await there.live(record.key);
      await trial.travel(5);

      await here.write(record, 'cart@1', '1');
      await here.commit(record, { sessionTimeout: 60, lastModified: record.createdAt + 5 });
      await here.login(record, 'ada', 'mfa');

      assert.equal(await there.live(record.key), held);
      assert.deepEqual({ ...held }, { ...record });
    });

    it('loses a component on every node', async (trial) => {
      const [here, there] = await trial.pair();
      const record = await here.make();
      await here.write(record, 'cart@1', '1');
      await here.write(record, 'profile@1', '2');
      const held = await there.live(record.key);

      await here.write(record, 'cart@1', undefined);
      await there.live(record.key);

      assert.deepEqual([textOf(held, 'cart@1'), textOf(held, 'profile@1')], [undefined, '2']);
    });

    it('is kept alive by a touch on any of them', async (trial) => {
      const [here, there] = await trial.pair();
      const record = await here.make();
      await trial.advance(600);

      await there.touch(record.key);
      await trial.advance(600);

      assertSameTime((await here.live(record.key))?.lastModified, record.createdAt + 600);
      assert.deepEqual([here.ends, there.ends], [[], []]);
    });

    it('is dead by its old key on all of them, once it was rotated on one', async (trial) => {
      const [here, there] = await trial.pair();
      const record = await here.make();
      const old = record.key;
      await there.live(old);

      await here.rotate(record);

      assert.equal(await there.store.open(old, true), 'rotated');
      assert.equal((await there.live(record.key))?.id, record.id);
    });

    it('can be saved on a node that has not heard of its rotation', async (trial) => {
      const [here, there] = await trial.pair();
      const record = await here.make();
      const held = await there.live(record.key);
      await here.rotate(record);

      assert.ok(held !== undefined);
      assert.equal((await there.write(held, 'cart@1', '1')).kind, 'saved');

      assert.equal(textOf(await here.live(record.key), 'cart@1'), '1');
    });

    it('cannot be rotated by who has not heard of a login, but by who has', async (trial) => {
      const [here, there] = await trial.pair();
      const record = await here.make();
      const held = await there.live(record.key);
      assert.ok(held !== undefined);
      await here.login(record, 'ada');

      const rotate = (lastLogin: number): Promise<SessionCommit> =>
        there.commit(held, { rotatedTo: there.newKey(), lastLogin });
      const unheard = await rotate(0);
      await there.live(record.key);
      const outdated = await rotate(0);
      const saved = await rotate(held.loggedInAt ?? 0);

      const refused = { kind: 'conflict', components: ['uid@1'] };
      assert.deepEqual([unheard, outdated, saved], [refused, refused, { kind: 'saved' }]);
      assert.equal((await here.live(held.key))?.principal, 'ada');
    });

    it('cannot be saved on a node that has not heard of its end', async (trial) => {
      const [here, there] = await trial.pair();
      const record = await here.make();
      const held = await there.live(record.key);
      await here.end(record, 'banned');

      assert.ok(held !== undefined);
      const answer = await there.write(held, 'cart@1', '1');
      await trial.sweep();

      assert.deepEqual([answer, held.ended], [{ kind: 'ended', reason: 'banned' }, 'banned']);
      assert.deepEqual(there.reasons, ['banned']);
    });

    it('has one of two writes of a component that cross, and the other conflicts', async (trial) => {
      const [here, there] = await trial.pair();
      const record = await here.make();
      const held = await there.live(record.key);
      assert.ok(held !== undefined);
      await here.write(record, 'cart@1', '"here"');

      const answer = await there.write(held, 'cart@1', '"there"');
      await there.live(record.key);

      assert.deepEqual(answer, { kind: 'conflict', components: ['cart@1'] });
      assert.equal(textOf(held, 'cart@1'), '"here"');
      assert.equal((await there.write(held, 'cart@1', '"there"')).kind, 'saved');
    });

    it('has both of two writes of different components that cross', async (trial) => {
      const [here, there] = await trial.pair();
      const record = await here.make();
      const held = await there.live(record.key);
      assert.ok(held !== undefined);

      const answers = await Promise.all([
        here.write(record, 'cart@1', '1'),
        there.write(held, 'profile@1', '2'),
      ]);
      await here.live(record.key);

      assert.deepEqual(answers, [{ kind: 'saved' }, { kind: 'saved' }]);
      assert.deepEqual([textOf(record, 'cart@1'), textOf(record, 'profile@1')], ['1', '2']);
    });

    it('ends once, where all of them end it at once', async (trial) => {
      const [here, there] = await trial.pair();
      const record = await here.make();
      const held = await there.live(record.key);
      assert.ok(held !== undefined);

      await Promise.all([here.end(record, 'here'), there.end(held, 'there')]);
      await trial.sweep();

      assert.deepEqual([here.reasons.length, here.reasons], [1, there.reasons]);
    });

    it('of a principal is one of as many as there may be, over all of them', async (trial) => {
      const rule = { limit: 3, policy: 'end-oldest' } as const;
      const [here, there] = await trial.pair({ maxPerPrincipal: rule });
      const nodes = Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? here : there));

      await Promise.all(nodes.map((node) => node.makeFor('ada')));
      await trial.sweep();

      assert.deepEqual(
        [await here.count(), (await there.list({ principal: 'ada' })).length],
        [3, 3],
      );
      assert.deepEqual([here.ends.length, there.ends.length], [47, 47]);
    });
  });
}
