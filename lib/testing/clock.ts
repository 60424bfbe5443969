import { setImmediate as turnOfTheEventLoop } from 'node:timers/promises';
import { checkedCall, checkedSeconds, ScheduledCall } from '../reactor/delayed-call.js';
import { type DelayedCall, Reactor } from '../reactor/reactor.js';
import { CallQueue } from './call-queue.js';

/**
 * A reactor whose time stands still until a test moves it. Modelled on Twisted's `task.Clock`.
 *
 * Calls are made by `advance()`, `advanceAsync()` and `pump()` only, in the order in which they are due
 * and, where that is the same, in the order of `callLater()`. Unlike Twisted's, the clock shows each
 * call the time at which it is due, not the end of the span; a call that the span made due by being
 * scheduled inside it is made within it.
 *
 * - **A call that throws** is gone; the error leaves `advance()` at once. As in Twisted the clock then
 *   shows the end of the span, and calls of the span that were still to come are overdue: the next
 *   `advance()`, be it by 0, goes on with them. An overdue call sees the time of the clock, since that
 *   never goes back.
 * - **`advance()` inside a call** moves on from the call's due time, making what is due there, and leaves
 *   the outer `advance()` with the rest of its span, if any.
 * - A call that schedules itself anew with a delay of 0, always, is always due: `advance()` never returns.
 *
 * @example
 * const clock = new Clock();
 * clock.callLater(900, () => console.log('expired'));
 * clock.advance(899); // nothing
 * clock.advance(1); // expired
 *
 * @publicApi
 */
export class Clock extends Reactor {
  /**
   * The time that `seconds()` tells. A test may set it, to start at a time of its choice; that makes no
   * calls.
   *
   * @default 0
   */
  rightNow = 0;

  readonly #queue = new CallQueue<ClockCall>();
  #scheduled = 0;

  /** The pending calls as they are now, in the order in which they will be made. */
  get calls(): readonly DelayedCall[] {
    return this.#queue.sorted();
  }

  override seconds(): number {
    return this.rightNow;
  }

  override callLater<Args extends unknown[]>(
    delay: number,
    f: (...args: Args) => void,
    ...args: Args
  ): DelayedCall {
    return new ClockCall(this, delay, checkedCall(f, args), this.#queue, this.#scheduled++);
  }

  /**
   * Moves the time on and makes the calls that are due by then, the end of the span included.
   *
   * @throws SessionOptionError if `seconds` is not a finite number of 0 or more
   */
  advance(seconds: number): void {
    for (const call of this.#due(seconds)) call.fire();
  }

  /**
   * Does as `advance()`, and lets promises settle: before the first call, after each call, and so at the
   * end. What a promise goes on to schedule within the span is made within the span.
   *
   * Each time it waits for one real turn of Node's event loop (`setImmediate`, which faked timers of the
   * test runner do not stop), enough for any chain of promises, however long; input and output, such as a
   * database's answer, take as many turns as they take and have to be awaited by the test. Await it
   * before the clock is moved again.
   *
   * @throws SessionOptionError if `seconds` is not a finite number of 0 or more, as a rejection
   */
  async advanceAsync(seconds: number): Promise<void> {
    checkedSeconds('seconds', seconds);
    await turnOfTheEventLoop();
    for (const call of this.#due(seconds)) {
      call.fire();
      await turnOfTheEventLoop();
    }
  }

  /** Advances by each of the timings in turn: `pump([1, 1, 0.5])` is 2.5 seconds in three steps. */
  pump(timings: Iterable<number>): void {
    for (const seconds of timings) this.advance(seconds);
  }

  /** Takes the due calls from the queue, one by one, and moves the time along: frame first, then the call. */
  *#due(seconds: number): Generator<ClockCall> {
    const until = this.rightNow + checkedSeconds('seconds', seconds);
    try {
      for (;;) {
        const call = this.#queue.first();
        if (call === undefined || call.getTime() > Math.max(until, this.rightNow)) return;
        this.#queue.remove(call);
        this.#moveTo(call.getTime());
        yield call;
      }
    } finally {
      this.#moveTo(until);
    }
  }

  #moveTo(instant: number): void {
    this.rightNow = Math.max(this.rightNow, instant);
  }
}

class ClockCall extends ScheduledCall {
  position = -1;

  constructor(
    clock: Clock,
    delay: number,
    f: () => void,
    private readonly queue: CallQueue<ClockCall>,
    readonly order: number,
  ) {
    super(clock, delay, f);
    this.arm();
  }

  protected override arm(): void {
    this.queue.put(this);
  }

  protected override disarm(): void {
    this.queue.remove(this);
  }
}
