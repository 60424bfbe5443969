import { jest } from '@jest/globals';
import { asyncScheduler, VirtualTimeScheduler } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { AlreadyCalledError, AlreadyCancelledError } from '../../lib/reactor/reactor.errors.js';
import { Reactor } from '../../lib/reactor/reactor.js';
import { SchedulerReactor } from '../../lib/reactor/scheduler.reactor.js';

function setup() {
  const scheduler = new VirtualTimeScheduler();
  const reactor = new SchedulerReactor(scheduler);
  const log: [name: string, at: number][] = [];
  const note = (name: string) => {
    log.push([name, reactor.seconds()]);
  };
  /** Runs what is due up to an instant, in seconds. */
  const runTo = (seconds: number) => {
    scheduler.maxFrames = seconds * 1000;
    scheduler.flush();
  };
  return { scheduler, reactor, log, note, runTo };
}

const nothing = () => {};

describe('SchedulerReactor', () => {
  it('is a reactor', () => {
    expect(setup().reactor).toBeInstanceOf(Reactor);
  });

  it('tells the time of its scheduler, in seconds', () => {
    const { scheduler, reactor } = setup();

    scheduler.frame = 1500;

    expect(reactor.seconds()).toBe(1.5);
  });

  it.each([
    ['just before', 1.999, []],
    ['exactly when', 2, [['a', 2]]],
    ['just after', 2.001, [['a', 2]]],
  ])('makes a call at its time: %s it is due', (_, until, expected) => {
    const { reactor, log, note, runTo } = setup();
    const call = reactor.callLater(2, note, 'a');

    runTo(until);

    expect(call.getTime()).toBe(2);
    expect(log).toEqual(expected);
    expect(call.active()).toBe(expected.length === 0);
  });

  it('makes a call with a delay of 0 in the same frame, not inside callLater()', () => {
    const { reactor, log, note, runTo } = setup();

    reactor.callLater(0, note, 'a');
    const before = log.length;
    runTo(0);

    expect(before).toBe(0);
    expect(log).toEqual([['a', 0]]);
  });

  it('makes calls in the order in which they are due', () => {
    const { reactor, log, note, runTo } = setup();
    reactor.callLater(2, note, 'b');
    reactor.callLater(1, note, 'a');
    reactor.callLater(2, note, 'c');

    runTo(2);

    expect(log.map(([name]) => name)).toEqual(['a', 'b', 'c']);
  });

  it('makes a call to the frame, and not early, where the sum of two times is not exact', () => {
    const { scheduler, reactor, log, note, runTo } = setup();
    scheduler.frame = 100;

    const call = reactor.callLater(0.2, note, 'a');
    runTo(0.3);

    expect(scheduler.frame).toBe(300);
    expect(call.getTime()).toBe(0.1 + 0.2);
    expect(log).toEqual([['a', 0.1 + 0.2]]);
  });

  it('unsubscribes a call that is cancelled', () => {
    const { scheduler, reactor, log, note, runTo } = setup();
    const call = reactor.callLater(1, note, 'a');

    call.cancel();
    const left = scheduler.actions.length;
    runTo(2);

    expect([left, call.active(), log]).toEqual([0, false, []]);
  });

  it('moves a call by reset() and delay()', () => {
    const { scheduler, reactor, log, note, runTo } = setup();
    scheduler.frame = 1000;

    reactor.callLater(5, note, 'sooner').reset(1);
    reactor.callLater(1, note, 'later').delay(2);
    reactor.callLater(1, note, 'at once').delay(-10);
    runTo(10);

    expect(log).toEqual([
      ['at once', 1],
      ['sooner', 2],
      ['later', 4],
    ]);
    expect(scheduler.actions).toEqual([]);
  });

  it('refuses to cancel a call twice, or after it was made', () => {
    const { reactor, runTo } = setup();
    const cancelled = reactor.callLater(1, nothing);
    const made = reactor.callLater(1, nothing);
    cancelled.cancel();

    runTo(1);

    expect(() => cancelled.cancel()).toThrow(AlreadyCancelledError);
    expect(() => made.cancel()).toThrow(AlreadyCalledError);
  });

  it('makes a call beyond the longest timer of rxjs at its time', () => {
    const { reactor, log, note, runTo } = setup();
    const days = 30 * 86_400;
    reactor.callLater(days, note, 'a');

    runTo(days - 0.001);
    const before = [...log];
    runTo(days);

    expect([before, log]).toEqual([[], [['a', days]]]);
  });

  it('refuses a delay that is none', () => {
    const { reactor } = setup();

    expect(() => reactor.callLater(-1, nothing)).toThrow(
      expect.objectContaining({ code: 'SESSION_OPTION_INVALID', option: 'delay' }),
    );
  });

  it('lets the scheduler have the error of a call', () => {
    const { reactor, runTo } = setup();
    const call = reactor.callLater(1, () => {
      throw new Error('boom');
    });

    expect(() => runTo(1)).toThrow('boom');
    expect(call.active()).toBe(false);
  });

  it('takes part in marble tests', () => {
    const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
    const reactor = new SchedulerReactor(scheduler);
    const seen: number[] = [];

    scheduler.run(({ cold, expectObservable }) => {
      cold('a 899s b').subscribe(() => seen.push(reactor.seconds()));
      reactor.callLater(900, () => seen.push(-reactor.seconds()));
      expectObservable(cold('1s (a|)')).toBe('1s (a|)');
    });

    expect(seen).toEqual([0, 899.001, -900]);
  });

  it('runs on the asynchronous scheduler, also beyond its longest timer', () => {
    jest.useFakeTimers();
    const reactor = new SchedulerReactor(asyncScheduler);
    const f = jest.fn();
    const days = 30 * 86_400;

    reactor.callLater(days, f);
    jest.advanceTimersByTime(days * 1000 - 1);
    const before = f.mock.calls.length;
    jest.advanceTimersByTime(1);
    jest.useRealTimers();

    expect([before, f.mock.calls.length]).toEqual([0, 1]);
  });
});
