/**
 * A call that a {@link Reactor} is to make later, and the way to move or take back that call.
 *
 * A call is pending until it is made or cancelled. It counts as made from the moment its function
 * starts, so the function itself can no longer move it. Modelled on Twisted's `IDelayedCall`.
 *
 * @publicApi
 */
export interface DelayedCall {
  /** Returns when the call is due, in Unix seconds; after the call, when it was due. */
  getTime(): number;

  /** Tells whether the call is still to come: neither made nor cancelled. */
  active(): boolean;

  /**
   * Takes the call back: it is never made.
   *
   * @throws AlreadyCalledError, AlreadyCancelledError
   */
  cancel(): void;

  /**
   * Makes the call due `secondsFromNow` seconds from now, sooner or later than it was.
   *
   * @throws AlreadyCalledError, AlreadyCancelledError
   * @throws SessionOptionError if `secondsFromNow` is not a finite number of 0 or more
   */
  reset(secondsFromNow: number): void;

  /**
   * Makes the call due `secondsLater` seconds later than it was; a negative number makes it sooner,
   * and one that reaches back behind now makes it due at once (but not inside `delay()`).
   *
   * @throws AlreadyCalledError, AlreadyCancelledError
   * @throws SessionOptionError if `secondsLater` is not a finite number
   */
  delay(secondsLater: number): void;
}

/**
 * Where the library gets the time and sets its timers: type, injection token and specification in one.
 *
 * An application has a `NodeReactor` unless `SessionModule`'s options or `overrideProvider(Reactor)`
 * say otherwise; tests use `Clock` of `nestjs-live-session/testing`. Modelled on Twisted's `IReactorTime`.
 *
 * @publicApi
 */
export abstract class Reactor {
  /** Returns the time, in Unix seconds with fractions. */
  abstract seconds(): number;

  /**
   * Calls `f(...args)` once, `delay` seconds from now.
   *
   * The call is never made inside `callLater()`, also with a delay of 0, and never early: while `f`
   * runs, `seconds()` is at least the `seconds()` of now plus `delay`. What `f` returns is ignored;
   * what it throws is nobody's to catch here, and ends up where the reactor says.
   *
   * @param delay seconds, fractions allowed
   * @throws SessionOptionError if `delay` is not a finite number of 0 or more, or `f` is not a function
   */
  abstract callLater<Args extends unknown[]>(
    delay: number,
    f: (...args: Args) => void,
    ...args: Args
  ): DelayedCall;
}
