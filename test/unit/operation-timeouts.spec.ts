import { Clock } from 'nestjs-live-session/testing';
import { OperationTimeouts } from '../../lib/store/operation-timeouts.js';

const LATE = new Error('late');

/** Operations that may take half a second; the test answers them. */
function setup() {
  const clock = new Clock();
  const timeouts = new OperationTimeouts(clock, 0.5);
  const begin = () => {
    let answer: (text: string) => void = () => {};
    const operation = new Promise<string>((resolve) => (answer = resolve));
    const outcome = timeouts.limit(operation, () => LATE).catch((error: unknown) => error);
    return { answer, outcome };
  };
  return { clock, begin };
}

describe('An operation that is timed', () => {
  it.each([
    [0.499, 'answer'],
    [0.5, LATE],
    [0.501, LATE],
  ])('is given up at its time-out, and not before: after %s s', async (seconds, expected) => {
    const { clock, begin } = setup();
    const { answer, outcome } = begin();

    await clock.advanceAsync(seconds);
    answer('answer');

    expect(await outcome).toBe(expected);
  });

  it('is given up, though those before and after it were answered', async () => {
    const { clock, begin } = setup();
    const [first, second, third] = [begin(), begin(), begin()];
    third.answer('third');
    first.answer('first');
    await clock.advanceAsync(0.5);

    const outcomes = await Promise.all([first, second, third].map(({ outcome }) => outcome));

    expect(outcomes).toEqual(['first', LATE, 'third']);
  });

  it('is given up at its own time, not that of one before', async () => {
    const { clock, begin } = setup();
    const first = begin();
    await clock.advanceAsync(0.3);
    const second = begin();
    await clock.advanceAsync(0.2);
    second.answer('second');

    expect([await first.outcome, await second.outcome]).toEqual([LATE, 'second']);
  });

  it('is given up, however many before it were answered', async () => {
    const { clock, begin } = setup();
    const many = Array.from({ length: 1000 }, begin);
    const last = begin();
    for (const { answer } of many) answer('there');
    await clock.advanceAsync(0.5);

    const answers = await Promise.all(many.map(({ outcome }) => outcome));

    expect([new Set(answers), await last.outcome]).toEqual([new Set(['there']), LATE]);
  });

  it('takes one timer with all others, and none once it was given up', async () => {
    const { clock, begin } = setup();
    const all = [begin(), begin(), begin()];
    const timers = clock.calls.length;
    await clock.advanceAsync(1);
    await Promise.all(all.map(({ outcome }) => outcome));

    expect([timers, clock.calls]).toEqual([1, []]);
  });
});
