import { setImmediate as turn } from 'node:timers/promises';
import { TickBatch } from '../../lib/redis/tick-batch.js';

const MOST = 12;

/** A batch that is answered at once, with twice what it was asked; and how many were asked for each time. */
function setup() {
  const sizes: number[] = [];
  const batch = new TickBatch(MOST, (asks: readonly number[]) => {
    sizes.push(asks.length);
    return Promise.resolve((index: number) => 2 * (asks[index] ?? NaN));
  });
  const askFor = (count: number): Promise<number[]> =>
    Promise.all(Array.from({ length: count }, (_, index) => batch.ask(index)));
  return { batch, sizes, askFor };
}

describe('A batch', () => {
  it('asks for the first at once', () => {
    const { batch, sizes } = setup();

    void batch.ask(1);

    expect(sizes).toEqual([1]);
  });

  it('asks together for what comes in the same turn', async () => {
    const { sizes, askFor } = setup();

    await askFor(10);

    expect(sizes).toEqual([1, 9]);
  });

  it('asks for the first at once again when nothing waits', async () => {
    const { batch, sizes, askFor } = setup();
    await askFor(10);
    await turn();

    void batch.ask(1);

    expect(sizes).toEqual([1, 9, 1]);
  });

  it.each([
    [12, [1, 11]],
    [13, [1, 12]],
    [14, [1, 12]],
  ])('asks for no more than it may in a turn: of %s', async (count, sizes) => {
    const given = setup();
    const asked = given.askFor(count);

    await turn();

    expect(given.sizes).toEqual(sizes);
    await asked;
  });

  it('asks for the rest in the turns that follow', async () => {
    const { sizes, askFor } = setup();

    await askFor(30);

    expect(sizes).toEqual([1, 12, 12, 5]);
  });

  it('asks for a quarter of very many in a turn, lest the last wait long', async () => {
    const { sizes, askFor } = setup();
    const asked = askFor(97);

    await turn();

    expect(sizes).toEqual([1, 12, 12]);
    await asked;
  });

  it('asks for all that waits when it must not be overtaken', async () => {
    const { batch, sizes, askFor } = setup();
    const asked = askFor(30);

    batch.flush();

    expect(sizes).toEqual([1, 12, 12, 5]);
    await asked;
  });

  it('gives everybody their own answer', async () => {
    const { askFor } = setup();

    expect(await askFor(30)).toEqual(Array.from({ length: 30 }, (_, index) => 2 * index));
  });

  it('fails those whose own answer is an error, and nobody else', async () => {
    const batch = new TickBatch(MOST, (asks: readonly number[]) =>
      Promise.resolve((index: number) => {
        if (asks[index] === 1) throw new Error('Not this one.');
        return asks[index];
      }),
    );

    const outcomes = await Promise.allSettled([0, 1, 2].map((ask) => batch.ask(ask)));

    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('fails all where nobody answers', async () => {
    const batch = new TickBatch<number, number>(MOST, () => Promise.reject(new Error('Away.')));

    const outcomes = await Promise.allSettled([0, 1, 2].map((ask) => batch.ask(ask)));

    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });
});
