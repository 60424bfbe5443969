import { SessionOptionError } from '../errors/session.errors.js';
import { AlreadyCalledError, AlreadyCancelledError } from './reactor.errors.js';
import type { DelayedCall, Reactor } from './reactor.js';

/**
 * A delayed call without its timer: when it is due, and whether it is pending, called or cancelled.
 *
 * A reactor extends it with what makes the call come true.
 */
export abstract class ScheduledCall implements DelayedCall {
  #state: 'pending' | 'called' | 'cancelled' = 'pending';
  #dueAt: number;
  // Let go of when the call has ended, so that a handle kept for long keeps nothing else alive.
  #f: (() => void) | undefined;

  /** Does not arm the call: a subclass does, once its own fields are there. */
  constructor(
    private readonly time: Pick<Reactor, 'seconds'>,
    delay: number,
    f: () => void,
  ) {
    this.#dueAt = time.seconds() + checkedSeconds('delay', delay);
    this.#f = f;
  }

  getTime(): number {
    return this.#dueAt;
  }

  active(): boolean {
    return this.#state === 'pending';
  }

  cancel(): void {
    this.#refuseIfEnded('cancel');
    this.#end('cancelled');
    this.disarm();
  }

  reset(secondsFromNow: number): void {
    this.#refuseIfEnded('reset');
    this.#dueAt = this.time.seconds() + checkedSeconds('secondsFromNow', secondsFromNow);
    this.arm();
  }

  delay(secondsLater: number): void {
    this.#refuseIfEnded('delay');
    this.#dueAt += checkedNumber('secondsLater', secondsLater);
    this.arm();
  }

  /** Makes the call. What its function throws is thrown, after the call has become a called one. */
  fire(): void {
    const f = this.#f;
    this.#end('called');
    f?.();
  }

  /** Sees to it that `fire()` is called at `getTime()`, and no more at any time set before. */
  protected abstract arm(): void;

  /** Sees to it that `fire()` is not called. */
  protected abstract disarm(): void;

  #end(state: 'called' | 'cancelled'): void {
    this.#state = state;
    this.#f = undefined;
  }

  #refuseIfEnded(action: 'cancel' | 'reset' | 'delay'): void {
    if (this.#state === 'called') throw new AlreadyCalledError(action);
    if (this.#state === 'cancelled') throw new AlreadyCancelledError(action);
  }
}

/** Binds the arguments of a `callLater()`, refusing what cannot be called. */
export function checkedCall<Args extends unknown[]>(
  f: (...args: Args) => void,
  args: Args,
): () => void {
  if (typeof f !== 'function') {
    throw new SessionOptionError('f', `must be the function to call later, not ${shown(f)}.`);
  }
  return () => f(...args);
}

/** Returns a span of time, refusing what is none: not a number, not finite, or negative. */
export function checkedSeconds(name: string, seconds: number): number {
  if (checkedNumber(name, seconds) >= 0) return seconds;
  throw new SessionOptionError(name, `must be 0 or more seconds, not ${seconds}.`);
}

function checkedNumber(name: string, seconds: number): number {
  if (Number.isFinite(seconds)) return seconds;
  throw new SessionOptionError(name, `must be a finite number of seconds, not ${shown(seconds)}.`);
}

function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : `a value of type ${typeof value}`;
}
