import { TickBatch } from '../../lib/redis/tick-batch.js';

/** A batch of at most three, whose answers are in capitals; who asks for `x` gets an error. */
function setup() {
  const sent: (readonly string[])[] = [];
  const batch = new TickBatch(3, async (asks: readonly string[]) => {
    sent.push(asks);
    if (asks.includes('gone')) throw new Error('nobody is there');
    return (index) => {
      if (asks[index] === 'x') throw new Error('no x');
      return asks[index]?.toUpperCase();
    };
  });
  const outcomesOf = async (...asks: string[]) => {
    const settled = await Promise.allSettled(asks.map((ask) => batch.ask(ask)));
    return settled.map((outcome) =>
      outcome.status === 'fulfilled' ? outcome.value : outcome.reason.message,
    );
  };
  return { batch, sent, outcomesOf };
}

describe('What is asked for in one turn of the event loop', () => {
  it('is asked for at once, and answered each', async () => {
    const { sent, outcomesOf } = setup();

    expect(await outcomesOf('a', 'b')).toEqual(['A', 'B']);

    expect(sent).toEqual([['a', 'b']]);
  });

  it.each([
    [2, [2]],
    [3, [3]],
    [4, [3, 1]],
    [7, [3, 3, 1]],
  ])('is never more than a batch may hold: %s', async (count, sizes) => {
    const { sent, outcomesOf } = setup();

    await outcomesOf(...Array.from({ length: count }, () => 'a'));

    expect(sent.map(({ length }) => length)).toEqual(sizes);
  });

  it('fails for the one that fails', async () => {
    const { outcomesOf } = setup();

    expect(await outcomesOf('a', 'x', 'b')).toEqual(['A', 'no x', 'B']);
  });

  it('fails for all where nobody answers, and for nobody else', async () => {
    const { outcomesOf } = setup();

    expect(await outcomesOf('a', 'gone')).toEqual(['nobody is there', 'nobody is there']);
    expect(await outcomesOf('b')).toEqual(['B']);
  });

  it('does not wait for what is under way', async () => {
    const sent: (readonly string[])[] = [];
    const batch = new TickBatch(3, (asks: readonly string[]) => {
      sent.push(asks);
      return new Promise<never>(() => {});
    });
    const turn = () => new Promise((resolve) => setImmediate(resolve));

    void batch.ask('a');
    await turn();
    void batch.ask('b');
    await turn();

    expect(sent).toEqual([['a'], ['b']]);
  });

  it('goes at once where it is not to come after something else', async () => {
    const { batch, sent } = setup();
    const asked = batch.ask('a');

    batch.flush();

    expect(sent).toEqual([['a']]);
    expect(await asked).toBe('A');
  });
});
