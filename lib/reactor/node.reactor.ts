import { AsyncResource } from 'node:async_hooks';
import { type DelayedCall, Reactor } from './reactor.js';
import { TimerCalls } from './timer-calls.js';

/**
 * The reactor of a running application: Node's timers, and a clock that only goes forward.
 *
 * - **Time.** The wall clock is read once, when the reactor is made; from then on time passes as
 *   `performance.now()` counts it. A wall clock that is set later, back or forward, by a second or a
 *   year, changes nothing: no call comes early or late, and `seconds()` differs from the wall clock by
 *   what it was set. What a suspended machine sleeps through counts as far as the platform's monotonic
 *   clock counts it (on Linux it does not), so after a suspension `seconds()` may be behind until the
 *   process is restarted.
 * - **Calls** may be any time ahead, also beyond the 2^31 − 1 ms of a timer, and come to the
 *   millisecond, never early. What a call throws is an uncaught exception, as of any timer.
 * - **Process.** A pending call does not keep the process alive.
 * - **Context.** Calls run in the `AsyncLocalStorage` context in which the reactor was made, not in the
 *   one of `callLater()`: a call made during a request neither sees that request nor keeps it in memory.
 *   Wrap the function in `AsyncResource.bind()` where it should.
 *
 * @publicApi
 */
export class NodeReactor extends Reactor {
  readonly #calls = new TimerCalls(new NodeTimers());

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

class NodeTimers {
  readonly #context = new AsyncResource('NodeReactor');
  readonly #origin = Date.now() - performance.now();

  now(): number {
    return (this.#origin + performance.now()) / 1000;
  }

  start(milliseconds: number, wake: () => void): () => void {
    const timer = this.#context.runInAsyncScope(() => setTimeout(wake, milliseconds));
    timer.unref();
    return () => clearTimeout(timer);
  }
}
