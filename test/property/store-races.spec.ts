import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import { type SessionRecord } from 'nestjs-live-session';
import { textOf, type TestedNode } from '../../lib/testing/store-suite/tested-node.js';
import { redisClientForFile } from '../support/redis-fixture.js';
import { RacingNodes } from './racing-nodes.js';

beforeAll(() => Logger.overrideLogger(false));
afterAll(() => Logger.overrideLogger(true));

const client = redisClientForFile();

interface Racer {
  readonly node: TestedNode;
  /** What the node holds of the session that this is about. */
  readonly view: SessionRecord;
  /** No other operation writes this. */
  readonly text: string;
}

const OPERATIONS = {
  look: ({ node, view }: Racer) => node.live(view.key),
  touch: ({ node, view }: Racer) => node.touch(view.key),
  write: ({ node, view, text }: Racer) => node.write(view, 'cart@1', text),
  'write elsewhere': ({ node, view, text }: Racer) => node.write(view, `${text}@1`, text),
  rotate: ({ node, view }: Racer) => node.rotate(view),
  login: ({ node, view }: Racer) => node.login(view, 'ada'),
  find: async ({ node, view }: Racer) => node.store.directory.find(view.id),
  list: ({ node }: Racer) => node.list(),
  end: ({ node, view }: Racer) => node.end(view, 'logout'),
  'end all': async ({ node }: Racer) => node.store.directory.endAll('ada', 'revoked', undefined),
};

const NAMES = Object.keys(OPERATIONS) as (keyof typeof OPERATIONS)[];

const RACES = fc.array(
  fc.record({ name: fc.constantFrom(...NAMES), on: fc.nat(2), by: fc.nat(1) }),
  { minLength: 2, maxLength: 7, size: 'max' },
);

/** Nobody knows anything that the others do not, and nothing that is not so. */
async function agree(
  { nodes, settle }: RacingNodes,
  views: readonly (readonly SessionRecord[])[],
  keys: ReadonlySet<string>,
): Promise<void> {
  await settle();
  const [here, there] = nodes;
  const alive = await here.list();
  expect([await there.list(), await here.count()]).toEqual([alive, alive.length]);
  const told = here.ends.map(({ record, reason }) => `${record.id} ${reason}`);
  expect(there.ends.map(({ record, reason }) => `${record.id} ${reason}`)).toEqual(told);
  const ended = new Map(here.ends.map(({ record, reason }) => [record.id, reason]));
  expect(ended.size).toBe(told.length);
  for (const view of views.flat()) {
    expect(view.ended).toBe(ended.get(view.id));
    expect(alive.includes(view.id)).toBe(view.ended === undefined);
  }
  const found = await Promise.all([...keys].map((key) => there.live(key)));
  expect(found.flatMap((record) => record?.id ?? []).sort()).toEqual([...alive]);
  expect((await here.list({ principal: 'ada' })).length).toBeLessThanOrEqual(2);
}

describe('In any interleaving of two nodes, and of what is on the way from and to Redis,', () => {
  it('every session is alive for all or has ended for all, once', async () => {
    const property = fc.asyncProperty(fc.scheduler(), RACES, async (scheduler, steps) => {
      const racing = await RacingNodes.start(client(), scheduler);
      const views = await racing.share(3);
      const keys = new Set(views.flat().map(({ key }) => key));

      const outcomes = await racing.race(
        steps.map(({ name, on, by }, index) => async () => {
          const node = racing.nodes[by % 2] ?? racing.nodes[0];
          const view = views[by % 2]?.[on];
          if (view === undefined) return undefined;
          const text = `"${index}"`;
          const answer = await OPERATIONS[name]({ node, view, text });
          keys.add(view.key);
          return { name, view, text, answer };
        }),
      );

      for (const { key } of views.flat()) keys.add(key);
      await agree(racing, views, keys);
      for (const done of outcomes) {
        if (done?.name !== 'write elsewhere' || done.view.ended !== undefined) continue;
        expect(done.answer).toEqual({ kind: 'saved' });
        const seen = await racing.nodes[1].live(done.view.key);
        expect(textOf(seen, `${done.text}@1`)).toBe(done.text);
      }
      await racing.stop();
    });

    await fc.assert(property, { numRuns: 300 });
  }, 240_000);
});
