import assert from 'node:assert/strict';
import { type StoreSuite } from './store-suite.js';
import { textOf } from './tested-node.js';

/** Text that a store has to carry without looking into it. */
const TEXTS = ['0', '""', '"\\u0000 \u2028 \u{1F355} |:;"', `"${'x'.repeat(60_000)}"`];

/** Names that mean something elsewhere: to a store they are names. */
const NAMES = ['id', 'principal', 'version', 'v:cart@1', 'c:cart@1', '__proto__', 'a b|c:d', 'ä@1'];

/** What `commit()` promises of the states of components. */
export function describeComponents({ describe, it }: StoreSuite): void {
  describe('A component', () => {
    it('is kept, changed and kept again', async (trial) => {
      const node = await trial.node();
      const record = await node.make();

      for (const text of ['1', '2', '3']) {
        assert.deepEqual(await node.write(record, 'cart@1', text), { kind: 'saved' });
        assert.equal(textOf(await node.live(record.key), 'cart@1'), text);
      }
    });

    it('is left alone by a change of another one', async (trial) => {
      const node = await trial.node();
      const record = await node.make();
      await node.write(record, 'cart@1', '1');

      await node.write(record, 'profile@1', '2');

      assert.deepEqual([textOf(record, 'cart@1'), textOf(record, 'profile@1')], ['1', '2']);
    });

    for (const text of TEXTS) {
      it(`carries ${text.length} characters as they are: ${text.slice(0, 12)}`, async (trial) => {
        const node = await trial.node();
        const record = await node.make();

        await node.write(record, 'cart@1', text);

        assert.equal(textOf(await node.live(record.key), 'cart@1'), text);
      });
    }

    for (const name of NAMES) {
      it(`may be called ${name}, which sets nothing else`, async (trial) => {
        const node = await trial.node();
        const record = await node.make();
        const { components, ...before } = record;

        await node.write(record, name, '"harmless"');

        const { components: after, ...rest } = { ...(await node.live(record.key)) };
        assert.deepEqual(rest, before);
        assert.deepEqual([components, [...(after?.keys() ?? [])]], [undefined, [name]]);
        assert.equal(textOf(record, name), '"harmless"');
      });
    }

    it('is removed without a text, and others stay', async (trial) => {
      const node = await trial.node();
      const record = await node.make();
      await node.write(record, 'cart@1', '1');
      await node.write(record, 'profile@1', '2');

      assert.deepEqual(await node.write(record, 'cart@1', undefined), { kind: 'saved' });

      const found = await node.live(record.key);
      assert.deepEqual([...(found?.components?.keys() ?? [])], ['profile@1']);
    });

    it('that came back is not written by who knows the one before', async (trial) => {
      const node = await trial.node();
      const record = await node.make();
      await node.write(record, 'cart@1', '1');
      const { revision = 0 } = record.components?.get('cart@1') ?? {};
      await node.write(record, 'cart@1', undefined);
      await node.write(record, 'cart@1', '2');

      const late = await node.commit(record, {
        components: [{ key: 'cart@1', text: '3', revision }],
      });

      assert.deepEqual(late, { kind: 'conflict', components: ['cart@1'] });
    });

    it('that was removed may come back, from revision 0', async (trial) => {
      const node = await trial.node();
      const record = await node.make();
      await node.write(record, 'cart@1', '1');
      await node.write(record, 'cart@1', undefined);

      const answer = await node.commit(record, {
        components: [{ key: 'cart@1', text: '2', revision: 0 }],
      });

      assert.deepEqual([answer.kind, textOf(record, 'cart@1')], ['saved', '2']);
    });

    for (const [off, kind] of [
      [-1, 'conflict'],
      [0, 'saved'],
      [1, 'conflict'],
    ] as const) {
      it(`that is written from a revision ${off} off is answered by ${kind}`, async (trial) => {
        const node = await trial.node();
        const record = await node.make();
        await node.write(record, 'cart@1', '1');
        await node.write(record, 'cart@1', '2');
        const revision = (record.components?.get('cart@1')?.revision ?? 0) + off;

        const change = { components: [{ key: 'cart@1', text: '3', revision }] };

        assert.equal((await node.commit(record, change)).kind, kind);
        assert.equal(textOf(await node.live(record.key), 'cart@1'), off === 0 ? '3' : '2');
      });
    }

    it('that is removed from a stale revision stays', async (trial) => {
      const node = await trial.node();
      const record = await node.make();
      await node.write(record, 'cart@1', '1');

      const change = { components: [{ key: 'cart@1', text: undefined, revision: 99 }] };

      assert.deepEqual(await node.commit(record, change), {
        kind: 'conflict',
        components: ['cart@1'],
      });
      assert.equal(textOf(await node.live(record.key), 'cart@1'), '1');
    });

    it('is written by one of those who write it at once', async (trial) => {
      const node = await trial.node();
      const record = await node.make();

      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          node.commit(record, {
            components: [{ key: 'cart@1', text: String(index), revision: 0 }],
          }),
        ),
      );

      const winners = answers.flatMap(({ kind }, index) => (kind === 'saved' ? [index] : []));
      assert.equal(winners.length, 1);
      assert.equal(textOf(await node.live(record.key), 'cart@1'), String(winners[0]));
    });

    it('does not conflict with another one that is written at once', async (trial) => {
      const node = await trial.node();
      const record = await node.make();
      const names = Array.from({ length: 20 }, (_, index) => `part-${index}@1`);

      const answers = await Promise.all(names.map((name) => node.write(record, name, `"${name}"`)));

      assert.deepEqual(new Set(answers.map(({ kind }) => kind)), new Set(['saved']));
      for (const name of names) assert.equal(textOf(record, name), `"${name}"`);
    });
  });
}
