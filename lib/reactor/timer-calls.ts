import { checkedCall, ScheduledCall } from './delayed-call.js';
import type { DelayedCall } from './reactor.js';

/** A source of time and of plain timers, as a platform has them: imprecise, and limited in length. */
export interface TimerSource {
  /** Returns the time in Unix seconds. */
  now(): number;

  /** Calls `wake` in about so many milliseconds (whole, at most 2^31 − 1); returns what stops that. */
  start(milliseconds: number, wake: () => void): () => void;
}

/** The longest timer of Node and of rxjs: one that is longer fires after a millisecond instead. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * The length below which two instants are one. Unix seconds in a double are a quarter of a microsecond
 * apart, so `now + delay` and the time told when the delay has passed may differ in the last digit.
 */
const ROUNDING = 1e-6;

/**
 * Delayed calls on plain timers: as long as one likes, and never early.
 *
 * A timer only wakes a call up. If it is not due yet, because the timer was early or too short for the
 * whole delay, the call goes back to sleep for what is left.
 */
export class TimerCalls {
  #reached = -Infinity;

  constructor(private readonly source: TimerSource) {}

  seconds(): number {
    const now = this.source.now();
    const isReached = now < this.#reached && this.#reached - now <= ROUNDING;
    return isReached ? this.#reached : now;
  }

  callLater<Args extends unknown[]>(
    delay: number,
    f: (...args: Args) => void,
    args: Args,
  ): DelayedCall {
    return new TimerCall(this, this.source, delay, checkedCall(f, args));
  }

  /** Tells whether an instant has come; if so, `seconds()` shows no less from now on. */
  reach(instant: number): boolean {
    const left = instant - this.seconds();
    if (left > ROUNDING) return false;
    if (left > 0) this.#reached = instant;
    return true;
  }
}

class TimerCall extends ScheduledCall {
  #stop: (() => void) | undefined;

  constructor(
    private readonly calls: TimerCalls,
    private readonly source: TimerSource,
    delay: number,
    f: () => void,
  ) {
    super(calls, delay, f);
    this.arm();
  }

  protected override arm(): void {
    this.disarm();
    const left = this.getTime() - this.calls.seconds();
    const milliseconds = Math.max(0, Math.ceil((left - ROUNDING) * 1000));
    this.#stop = this.source.start(Math.min(milliseconds, LONGEST_TIMER), () => this.#wake());
  }

  protected override disarm(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  #wake(): void {
    this.#stop = undefined;
    if (this.calls.reach(this.getTime())) this.fire();
    else this.arm();
  }
}
