import { AsyncLocalStorage } from 'node:async_hooks';
import { jest } from '@jest/globals';
import { NodeReactor } from '../../lib/reactor/node.reactor.js';
import { AlreadyCalledError, AlreadyCancelledError } from '../../lib/reactor/reactor.errors.js';
import { Reactor } from '../../lib/reactor/reactor.js';

const nothing = () => {};
/** Milliseconds of the longest timer that Node has. */
const LONGEST = 2 ** 31 - 1;

describe('NodeReactor', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: 1_700_000_000_123 });
  });

  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  it('is a reactor', () => {
    expect(new NodeReactor()).toBeInstanceOf(Reactor);
  });

  describe('seconds', () => {
    it('tells Unix seconds, with fractions', () => {
      expect(new NodeReactor().seconds()).toBe(1_700_000_000.123);
    });

    it('goes forward as time passes', () => {
      const reactor = new NodeReactor();

      jest.advanceTimersByTime(900_001);

      expect(reactor.seconds()).toBeCloseTo(1_700_000_900.124, 6);
    });

    it.each([-86_400_000, -1, 1, 86_400_000])(
      'does not heed a wall clock that is set by %p ms',
      (step) => {
        const reactor = new NodeReactor();

        jest.setSystemTime(Date.now() + step);
        const atOnce = reactor.seconds();
        jest.advanceTimersByTime(1000);

        expect(atOnce).toBe(1_700_000_000.123);
        expect(reactor.seconds()).toBeCloseTo(1_700_000_001.123, 6);
      },
    );

    it('agrees with the wall clock of the machine', () => {
      jest.useRealTimers();

      const [before, seconds, after] = [Date.now(), new NodeReactor().seconds(), Date.now()];

      expect(seconds * 1000).toBeGreaterThanOrEqual(before - 1);
      expect(seconds * 1000).toBeLessThanOrEqual(after + 1);
    });
  });

  describe('callLater', () => {
    it.each([
      ['just before', 1999, 0],
      ['exactly when', 2000, 1],
      ['just after', 2001, 1],
    ])('makes a call at its time: %s it is due', (_, milliseconds, times) => {
      const f = jest.fn();
      const call = new NodeReactor().callLater(2, f, 'x', 2);

      jest.advanceTimersByTime(milliseconds);

      expect(f.mock.calls).toEqual(Array(times).fill(['x', 2]));
      expect(call.active()).toBe(times === 0);
    });

    it('makes a call with a delay of 0 soon, not inside callLater()', () => {
      const f = jest.fn();

      new NodeReactor().callLater(0, f);
      const before = f.mock.calls.length;
      jest.advanceTimersByTime(1);

      expect([before, f.mock.calls.length]).toEqual([0, 1]);
    });

    it('makes a call of a fraction of a millisecond at the next whole one', () => {
      const f = jest.fn();
      new NodeReactor().callLater(0.0015, f);

      jest.advanceTimersByTime(1);
      const before = f.mock.calls.length;
      jest.advanceTimersByTime(1);

      expect([before, f.mock.calls.length]).toEqual([0, 1]);
    });

    it.each([LONGEST - 1, LONGEST, LONGEST + 1, 30 * 86_400_000, 5 * LONGEST])(
      'makes a call %p ms ahead at its time',
      (milliseconds) => {
        const f = jest.fn();
        new NodeReactor().callLater(milliseconds / 1000, f);

        jest.advanceTimersByTime(milliseconds - 1);
        const before = f.mock.calls.length;
        jest.advanceTimersByTime(1);

        expect([before, f.mock.calls.length]).toEqual([0, 1]);
      },
    );

    it('never asks for a timer that Node would cut to a millisecond', () => {
      const timer = jest.spyOn(globalThis, 'setTimeout');

      new NodeReactor().callLater(1e12, nothing);

      expect(timer.mock.calls.map(([, milliseconds]) => milliseconds)).toEqual([LONGEST]);
    });

    it('shows the call no less than its due time, to the last digit, whatever the fractions', () => {
      const reactor = new NodeReactor();
      const late: number[] = [];
      let missed = 0;

      for (let i = 1; i <= 500; i++) {
        const due = reactor.seconds() + i / 1000;
        reactor.callLater(i / 1000, () => late.push(reactor.seconds() - due));
        jest.advanceTimersByTime(i);
        if (late.length !== i) missed += 1;
      }

      expect([missed, Math.min(...late) >= 0, Math.max(...late) < 1e-6]).toEqual([0, true, true]);
    });

    it('goes back to sleep when its timer fires early', () => {
      const reactor = new NodeReactor();
      const now = performance.now();
      const clock = jest.spyOn(performance, 'now').mockReturnValue(now);
      const f = jest.fn();
      reactor.callLater(2, f);

      const counts = [1999.2, 1999.9, 2000].map((passed) => {
        clock.mockReturnValue(now + passed);
        jest.runOnlyPendingTimers();
        return f.mock.calls.length;
      });

      expect(counts).toEqual([0, 0, 1]);
    });

    it.each([-0.001, NaN, Infinity, -Infinity, '1', null, undefined, {}])(
      'refuses a delay of %p, and sets no timer',
      (delay) => {
        const reactor = new NodeReactor();

        expect(() => reactor.callLater(delay as number, nothing)).toThrow(
          expect.objectContaining({ code: 'SESSION_OPTION_INVALID', option: 'delay' }),
        );
        expect(jest.getTimerCount()).toBe(0);
      },
    );

    it('refuses what is not a function', () => {
      const reactor = new NodeReactor();

      expect(() => reactor.callLater(1, 'f' as unknown as () => void)).toThrow(
        expect.objectContaining({ code: 'SESSION_OPTION_INVALID', option: 'f' }),
      );
    });

    it('does not keep the process alive, neither at first nor when re-armed', () => {
      const timer = jest.spyOn(globalThis, 'setTimeout');
      new NodeReactor().callLater(30 * 86_400, nothing);

      jest.advanceTimersByTime(LONGEST);

      expect(timer.mock.results.map(({ value }) => (value as NodeJS.Timeout).hasRef())).toEqual([
        false,
        false,
      ]);
    });

    it('throws what a call throws out of the timer, and makes the other calls', () => {
      const reactor = new NodeReactor();
      const f = jest.fn();
      const failing = reactor.callLater(1, () => {
        throw new Error('boom');
      });
      reactor.callLater(2, f);

      expect(() => jest.advanceTimersByTime(1000)).toThrow('boom');
      jest.advanceTimersByTime(1000);

      expect([failing.active(), f.mock.calls.length]).toEqual([false, 1]);
    });

    it('does not take the context of a request along', async () => {
      jest.useRealTimers();
      const request = new AsyncLocalStorage<string>();
      const reactor = new NodeReactor();

      const seen = await new Promise((resolve) => {
        request.run('a request', () => {
          reactor.callLater(0, () => resolve(request.getStore()));
          // An unreferenced timer alone would let the process of the test end.
          setTimeout(nothing, 50);
        });
      });

      expect(seen).toBeUndefined();
    });
  });

  describe('the delayed call', () => {
    it('knows when it is due, before and after', () => {
      const call = new NodeReactor().callLater(900, nothing);

      const before = call.getTime();
      jest.advanceTimersByTime(1_000_000);

      expect([before, call.getTime()]).toEqual([1_700_000_900.123, 1_700_000_900.123]);
    });

    it('clears its timer when it is cancelled', () => {
      const f = jest.fn();
      const call = new NodeReactor().callLater(1, f);

      call.cancel();
      const timers = jest.getTimerCount();
      jest.advanceTimersByTime(2000);

      expect([timers, call.active(), f.mock.calls.length]).toEqual([0, false, 0]);
    });

    it('is cancelled for good between two timers of a long delay', () => {
      const call = new NodeReactor().callLater(30 * 86_400, nothing);
      jest.advanceTimersByTime(LONGEST);

      call.cancel();

      expect(jest.getTimerCount()).toBe(0);
    });

    it.each([
      ['reset, later', 2, 'reset', 3, 4000],
      ['reset, sooner', 9, 'reset', 3, 4000],
      ['delayed', 3, 'delay', 2, 5000],
      ['delayed by less than nothing', 5, 'delay', -1, 4000],
    ] as const)('comes at its new time when it is %s', (_, delay, action, seconds, at) => {
      const f = jest.fn();
      const call = new NodeReactor().callLater(delay, f);

      jest.advanceTimersByTime(1000);
      call[action](seconds);
      jest.advanceTimersByTime(at - 1001);
      const before = f.mock.calls.length;
      jest.advanceTimersByTime(1);

      expect([before, f.mock.calls.length, jest.getTimerCount()]).toEqual([0, 1, 0]);
    });

    it('comes soon, and not inside delay(), when that reaches back behind now', () => {
      const f = jest.fn();
      const call = new NodeReactor().callLater(5, f);

      call.delay(-60);
      const before = f.mock.calls.length;
      jest.advanceTimersByTime(1);

      expect([before, f.mock.calls.length]).toEqual([0, 1]);
    });

    it('refuses to be cancelled or moved after it was made, and while it runs', () => {
      const codes: unknown[] = [];
      const attempt = () => {
        for (const action of ['cancel', 'reset', 'delay'] as const) {
          expect(() => call[action](1)).toThrow(AlreadyCalledError);
          codes.push(call.active());
        }
      };
      const call = new NodeReactor().callLater(1, attempt);

      jest.advanceTimersByTime(1000);
      attempt();

      expect(codes).toEqual(Array(6).fill(false));
    });

    it('refuses to be cancelled or moved after it was cancelled', () => {
      const call = new NodeReactor().callLater(1, nothing);
      call.cancel();

      expect(() => call.cancel()).toThrow(AlreadyCancelledError);
      expect(() => call.reset(1)).toThrow(AlreadyCancelledError);
      expect(() => call.delay(1)).toThrow(AlreadyCancelledError);
    });
  });
});
