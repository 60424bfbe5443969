import type { SchedulerLike } from 'rxjs';
import { type DelayedCall, Reactor } from './reactor.js';
import { TimerCalls } from './timer-calls.js';

/**
 * A reactor over a rxjs scheduler, so that sessions end in marble tests: `new SchedulerReactor(testScheduler)`.
 *
 * The time is the scheduler's `now()` in seconds, and one of its milliseconds is the finest step. Cancelling
 * a call unsubscribes it. Whether a pending call keeps the process alive is the scheduler's affair
 * (`asyncScheduler` does keep it), and so is what becomes of an error that a call throws: a virtual
 * scheduler throws it out of `flush()` and drops whatever else it holds. `queueScheduler` runs a delay of
 * 0 inside `callLater()`, which no reactor may: do not use it here.
 *
 * @example
 * const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
 * SessionModule.forRoot(900, { reactor: new SchedulerReactor(scheduler) });
 *
 * @publicApi
 */
export class SchedulerReactor extends Reactor {
  readonly #calls: TimerCalls;

  constructor(scheduler: SchedulerLike) {
    super();
    this.#calls = new TimerCalls({
      now: () => scheduler.now() / 1000,
      start: (milliseconds, wake) => {
        const action = scheduler.schedule(wake, milliseconds);
        return () => action.unsubscribe();
      },
    });
  }

  override seconds(): number {
    return this.#calls.seconds();
  }

  override callLater<Args extends unknown[]>(
    delay: number,
    f: (...args: Args) => void,
    ...args: Args
  ): DelayedCall {
    return this.#calls.callLater(delay, f, args);
  }
}
