import { jest } from '@jest/globals';
import { AlreadyCalledError, AlreadyCancelledError } from '../../lib/reactor/reactor.errors.js';
import { Reactor } from '../../lib/reactor/reactor.js';
import { Clock } from '../../lib/testing/clock.js';

function setup() {
  const clock = new Clock();
  const log: [name: string, at: number][] = [];
  const note = (name: string) => {
    log.push([name, clock.seconds()]);
  };
  return { clock, log, note };
}

const nothing = () => {};

describe('Clock', () => {
  it('is a reactor', () => {
    expect(new Clock()).toBeInstanceOf(Reactor);
  });

  it('shows 0 when it is fresh', () => {
    const { clock } = setup();

    expect([clock.rightNow, clock.seconds()]).toEqual([0, 0]);
  });

  it('shows the sum of what it was advanced by', () => {
    const { clock } = setup();

    clock.advance(1.5);
    clock.advance(0);
    clock.advance(2);

    expect([clock.rightNow, clock.seconds()]).toEqual([3.5, 3.5]);
  });

  it('starts at the time that a test sets', () => {
    const { clock, log, note } = setup();
    clock.rightNow = 1_700_000_000;

    const call = clock.callLater(900, note, 'a');
    clock.advance(900);

    expect(call.getTime()).toBe(1_700_000_900);
    expect(log).toEqual([['a', 1_700_000_900]]);
  });

  it.each([-1, NaN, Infinity, -Infinity])(
    'refuses to advance by %p, and stays',
    async (seconds) => {
      const { clock } = setup();
      clock.callLater(0, nothing);

      expect(() => clock.advance(seconds)).toThrow(
        expect.objectContaining({ code: 'SESSION_OPTION_INVALID', option: 'seconds' }),
      );
      await expect(clock.advanceAsync(seconds)).rejects.toMatchObject({ option: 'seconds' });
      expect([clock.seconds(), clock.calls.length]).toEqual([0, 1]);
    },
  );

  describe('callLater', () => {
    it('answers with a pending call that knows when it is due', () => {
      const { clock } = setup();
      clock.advance(10);

      const call = clock.callLater(1, nothing);

      expect([call.getTime(), call.active()]).toEqual([11, true]);
    });

    it('answers with a call of its own each time', () => {
      const { clock } = setup();

      expect(clock.callLater(10, nothing)).not.toBe(clock.callLater(1, nothing));
    });

    it('makes the call once, with its arguments', () => {
      const { clock } = setup();
      const f = jest.fn();

      clock.callLater(1, f, 'x', 2);
      clock.pump([1, 1, 1]);

      expect(f.mock.calls).toEqual([['x', 2]]);
    });

    it('makes a call with a delay of 0 at the next advance, not before', () => {
      const { clock, log, note } = setup();

      clock.callLater(0, note, 'a');
      const before = log.length;
      clock.advance(0);

      expect(before).toBe(0);
      expect(log).toEqual([['a', 0]]);
    });

    it.each([-1, NaN, Infinity, '1', null, undefined])('refuses a delay of %p', (delay) => {
      const { clock } = setup();

      const act = () => clock.callLater(delay as number, nothing);

      expect(act).toThrow(
        expect.objectContaining({ code: 'SESSION_OPTION_INVALID', option: 'delay' }),
      );
      expect(clock.calls).toEqual([]);
    });

    it('refuses what is not a function', () => {
      const { clock } = setup();

      const act = () => clock.callLater(1, undefined as unknown as () => void);

      expect(act).toThrow(expect.objectContaining({ code: 'SESSION_OPTION_INVALID', option: 'f' }));
    });
  });

  describe('advance', () => {
    it.each([
      ['just before', 1.999, []],
      ['exactly when', 2, [['a', 2]]],
      ['just after', 2.001, [['a', 2]]],
    ])('makes a call at its time: %s it is due', (_, seconds, expected) => {
      const { clock, log, note } = setup();
      const call = clock.callLater(2, note, 'a');

      clock.advance(seconds);

      expect(log).toEqual(expected);
      expect(call.active()).toBe(expected.length === 0);
    });

    it('shows each call the time at which it is due', () => {
      const { clock, log, note } = setup();
      clock.callLater(3, note, 'c');
      clock.callLater(1, note, 'a');
      clock.callLater(2, note, 'b');

      clock.advance(10);

      expect(log).toEqual([
        ['a', 1],
        ['b', 2],
        ['c', 3],
      ]);
      expect(clock.seconds()).toBe(10);
    });

    it('makes calls of the same time in the order in which they were scheduled', () => {
      const { clock, log, note } = setup();
      const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
      for (const name of names) clock.callLater(1, note, name);

      clock.advance(1);

      expect(log.map(([name]) => name)).toEqual(names);
    });

    it('makes calls that were scheduled inside the span, in their order', () => {
      const { clock, log, note } = setup();
      clock.callLater(1, () => {
        clock.callLater(0, note, 'at 1');
        clock.callLater(1.5, note, 'at 2.5');
        clock.callLater(2.5, note, 'beyond');
      });
      clock.callLater(2, note, 'at 2');

      clock.advance(3);

      expect(log).toEqual([
        ['at 1', 1],
        ['at 2', 2],
        ['at 2.5', 2.5],
      ]);
    });

    it('shows the sum of the delays, to the last digit, where a call chains on', () => {
      const { clock } = setup();
      const at: number[] = [];
      const tick = () => {
        at.push(clock.seconds());
        clock.callLater(0.1, tick);
      };

      clock.callLater(0.1, tick);
      clock.advance(0.35);

      expect(at).toEqual([0.1, 0.1 + 0.1, 0.1 + 0.1 + 0.1]);
    });

    it('lets the error of a call out at once, and is at the end of the span', () => {
      const { clock, log, note } = setup();
      const error = new Error('boom');
      const failing = clock.callLater(1, () => {
        throw error;
      });
      clock.callLater(2, note, 'rest');

      expect(() => clock.advance(5)).toThrow(error);

      expect(log).toEqual([]);
      expect([clock.seconds(), failing.active(), clock.calls.length]).toEqual([5, false, 1]);
    });

    it('goes on with the rest after a call that threw, without going back in time', () => {
      const { clock, log, note } = setup();
      clock.callLater(1, () => {
        throw new Error('boom');
      });
      clock.callLater(2, note, 'overdue');
      clock.callLater(6, note, 'later');
      expect(() => clock.advance(5)).toThrow('boom');

      clock.advance(0);
      clock.advance(1);

      expect(log).toEqual([
        ['overdue', 5],
        ['later', 6],
      ]);
    });

    it('keeps order and time where a call advances the clock itself', () => {
      const { clock, log, note } = setup();
      clock.callLater(1, () => {
        clock.advance(2);
        note('after the inner advance');
      });
      clock.callLater(4, note, 'outer');
      clock.callLater(2, note, 'inner');

      clock.advance(5);

      expect(log).toEqual([
        ['inner', 2],
        ['after the inner advance', 3],
        ['outer', 4],
      ]);
      expect(clock.seconds()).toBe(5);
    });

    it('does not go back where a call advances the clock beyond the outer span', () => {
      const { clock, log, note } = setup();
      clock.callLater(1, () => {
        clock.advance(5);
        clock.callLater(0, note, 'due at once');
      });

      clock.advance(2);

      expect(clock.seconds()).toBe(6);
      expect(log).toEqual([['due at once', 6]]);
    });
  });

  describe('cancel', () => {
    it('takes a call back', () => {
      const { clock, log, note } = setup();
      const call = clock.callLater(1, note, 'a');

      call.cancel();
      clock.advance(2);

      expect([call.active(), clock.calls.length, log.length]).toEqual([false, 0, 0]);
    });

    it('takes back a call that is due at the same time as the one that runs', () => {
      const { clock, log, note } = setup();
      clock.callLater(1, () => call.cancel());
      const call = clock.callLater(1, note, 'never');

      clock.advance(1);

      expect(log).toEqual([]);
    });

    it('leaves the other calls in order', () => {
      const { clock, log, note } = setup();
      const calls = [5, 1, 4, 2, 3, 0].map((at) => clock.callLater(at, note, `${at}`));

      calls[1]?.cancel();
      calls[4]?.cancel();
      clock.advance(5);

      expect(log.map(([name]) => name)).toEqual(['0', '2', '4', '5']);
    });
  });

  describe('reset', () => {
    it('makes a call later, counted from now', () => {
      const { clock, log, note } = setup();
      const call = clock.callLater(2, note, 'a');

      clock.advance(1);
      call.reset(3);
      clock.advance(2.999);
      const before = [...log];
      clock.advance(0.001);

      expect([call.getTime(), before, log]).toEqual([4, [], [['a', 4]]]);
    });

    it('makes a call sooner', () => {
      const { clock, log, note } = setup();
      const call = clock.callLater(4, note, 'a');

      call.reset(3);
      clock.advance(3);

      expect([call.getTime(), log]).toEqual([3, [['a', 3]]]);
    });

    it('keeps the order when another call is scheduled afterwards', () => {
      const { clock, log, note } = setup();

      clock.callLater(1, note, 'a').reset(3);
      clock.callLater(2, note, 'b');
      clock.pump([1, 1, 1]);

      expect(log).toEqual([
        ['b', 2],
        ['a', 3],
      ]);
    });

    it('keeps the order when another call was scheduled before', () => {
      const { clock, log, note } = setup();
      const call = clock.callLater(1, note, 'a');
      clock.callLater(2, note, 'b');

      call.reset(3);
      clock.pump([1, 1, 1]);

      expect(log).toEqual([
        ['b', 2],
        ['a', 3],
      ]);
    });

    it('keeps the order when it is asked for inside a call', () => {
      const { clock, log, note } = setup();
      const b = clock.callLater(2, note, 'b');
      clock.callLater(1, () => b.reset(3));
      clock.callLater(3, note, 'c');

      clock.pump(Array<number>(10).fill(0.5));

      expect(log).toEqual([
        ['c', 3],
        ['b', 4],
      ]);
    });

    it('leaves a call in the place of its first scheduling among those of the same time', () => {
      const { clock, log, note } = setup();
      const first = clock.callLater(1, note, 'first');
      clock.callLater(2, note, 'second');

      first.reset(2);
      clock.advance(2);

      expect(log.map(([name]) => name)).toEqual(['first', 'second']);
    });

    it.each([-1, NaN, Infinity])('refuses %p, and changes nothing', (seconds) => {
      const call = setup().clock.callLater(1, nothing);

      expect(() => call.reset(seconds)).toThrow(
        expect.objectContaining({ option: 'secondsFromNow' }),
      );
      expect(call.getTime()).toBe(1);
    });
  });

  describe('delay', () => {
    it('makes a call later than it was', () => {
      const { clock, log, note } = setup();
      const call = clock.callLater(1, note, 'a');

      call.delay(1);
      clock.advance(1.5);
      const before = [...log];
      clock.advance(1);

      expect([call.getTime(), before, log]).toEqual([2, [], [['a', 2]]]);
    });

    it('makes a call sooner by a negative number, at once if that is in the past', () => {
      const { clock, log, note } = setup();
      clock.advance(10);
      clock.callLater(5, note, 'sooner').delay(-1);
      clock.callLater(5, note, 'at once').delay(-8);

      clock.advance(4);

      expect(log).toEqual([
        ['at once', 10],
        ['sooner', 14],
      ]);
    });

    it.each([NaN, Infinity, -Infinity])('refuses %p, and changes nothing', (seconds) => {
      const call = setup().clock.callLater(1, nothing);

      expect(() => call.delay(seconds)).toThrow(
        expect.objectContaining({ option: 'secondsLater' }),
      );
      expect(call.getTime()).toBe(1);
    });
  });

  describe.each([['cancel'], ['reset'], ['delay']] as const)('%s, too late,', (action) => {
    it('throws AlreadyCalledError after the call', () => {
      const { clock } = setup();
      const call = clock.callLater(1, nothing);
      clock.advance(1);

      expect(() => call[action](1)).toThrow(AlreadyCalledError);
      expect(() => call[action](1)).toThrow(
        expect.objectContaining({ code: 'ALREADY_CALLED', action }),
      );
    });

    it('throws AlreadyCalledError inside the call', () => {
      const { clock } = setup();
      const call = clock.callLater(1, () => call[action](1));

      expect(() => clock.advance(1)).toThrow(AlreadyCalledError);
      expect(clock.calls).toEqual([]);
    });

    it('throws AlreadyCancelledError after cancel()', () => {
      const { clock } = setup();
      const call = clock.callLater(1, nothing);
      call.cancel();

      expect(() => call[action](1)).toThrow(AlreadyCancelledError);
      expect(() => call[action](1)).toThrow(
        expect.objectContaining({ code: 'ALREADY_CANCELLED', action }),
      );
    });
  });

  describe('calls', () => {
    it('is empty on a fresh clock', () => {
      expect(new Clock().calls).toEqual([]);
    });

    it('holds the pending calls by the time they are due, then by the order of scheduling', () => {
      const { clock } = setup();
      const c = clock.callLater(3, nothing);
      const a = clock.callLater(1, nothing);
      const d = clock.callLater(3, nothing);
      const b = clock.callLater(2, nothing);
      clock.callLater(2, nothing).cancel();

      expect(clock.calls.map((call) => [a, b, c, d].indexOf(call))).toEqual([0, 1, 2, 3]);
    });

    it('follows reset(), delay() and advance()', () => {
      const { clock } = setup();
      const a = clock.callLater(1, nothing);
      const b = clock.callLater(2, nothing);
      const times = () => clock.calls.map((call) => call.getTime());

      const seen = [times()];
      a.reset(4);
      seen.push(times());
      b.delay(3);
      seen.push(times());
      clock.advance(4);
      seen.push(times());

      expect(seen).toEqual([[1, 2], [2, 4], [4, 5], [5]]);
    });
  });

  describe('pump', () => {
    it('advances by each timing in turn', () => {
      const { clock, log, note } = setup();
      clock.callLater(1, note, 'a');
      clock.callLater(3, note, 'b');

      clock.pump(new Set([0, 1, 2, 3]));

      expect(log).toEqual([
        ['a', 1],
        ['b', 3],
      ]);
      expect(clock.seconds()).toBe(6);
    });
  });

  describe('advanceAsync', () => {
    it('makes calls that settled promises schedule, within the span and at their time', async () => {
      const { clock, log, note } = setup();
      const afterManyPromises = async () => {
        for (let i = 0; i < 1000; i++) await Promise.resolve();
        clock.callLater(1, note, 'from a promise');
      };
      clock.callLater(1, () => void afterManyPromises());
      clock.callLater(3, note, 'later');

      await clock.advanceAsync(5);

      expect(log).toEqual([
        ['from a promise', 2],
        ['later', 3],
      ]);
      expect(clock.seconds()).toBe(5);
    });

    it('lets promises settle before the first call and after the last', async () => {
      const { clock, log, note } = setup();
      void Promise.resolve().then(() => clock.callLater(1, note, 'early'));
      clock.callLater(2, () => void Promise.resolve('last').then(note));

      await clock.advanceAsync(2);

      expect(log).toEqual([
        ['early', 1],
        ['last', 2],
      ]);
    });

    it('rejects with the error of a call, and goes on with the rest next time', async () => {
      const { clock, log, note } = setup();
      clock.callLater(1, () => {
        throw new Error('boom');
      });
      clock.callLater(2, note, 'rest');

      await expect(clock.advanceAsync(2)).rejects.toThrow('boom');
      await clock.advanceAsync(0);

      expect(log).toEqual([['rest', 2]]);
    });

    it('works under the fake timers of the test runner', async () => {
      jest.useFakeTimers();
      const { clock, log, note } = setup();
      clock.callLater(1, note, 'a');

      await clock.advanceAsync(1).finally(() => jest.useRealTimers());

      expect(log).toEqual([['a', 1]]);
    });
  });

  it('keeps the order under any mixture of scheduling, moving and cancelling', () => {
    const { clock } = setup();
    const made: [due: number, order: number][] = [];
    const random = lcg(42);

    const calls = Array.from({ length: 2000 }, (_, order) => {
      const call = clock.callLater(random(100), () => made.push([call.getTime(), order]));
      return call;
    });
    for (const call of calls) if (random(2) === 0) call.reset(random(100));
    for (const call of calls) if (random(4) === 0) call.cancel();
    const pending = calls.flatMap((call, order) =>
      call.active() ? [[call.getTime(), order]] : [],
    );
    clock.advance(100);

    expect(made).toEqual(pending.sort(([a = 0, i = 0], [b = 0, j = 0]) => a - b || i - j));
  });

  it('stays usable with a million calls', () => {
    const { clock } = setup();
    const million = 1_000_000;
    const f = jest.fn(nothing);
    for (let i = 0; i < million; i++) clock.callLater(1000 + ((i * 7919) % 997), nothing);

    const moved = Array.from({ length: 1000 }, (_, i) => clock.callLater(3000 + i, f));
    for (const call of moved) call.reset(1);
    clock.advance(1);

    expect([f.mock.calls.length, clock.calls.length]).toEqual([moved.length, million]);
  });
});

/** A small generator of whole numbers below `n`, the same in each run. */
function lcg(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}
