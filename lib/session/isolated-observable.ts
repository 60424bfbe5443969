import { Observable, type Observer, Subscriber, type Subscription } from 'rxjs';
import { isThenable } from '../awaitable.js';

/** What `subscribe()` takes. */
type Listener<T> = Partial<Observer<T>> | ((value: T) => void) | null;

/** Calls a function; what it throws, now or through the promise it returns, is reported. */
export function isolate(call: () => unknown, report: (error: unknown) => void): void {
  try {
    const result = call();
    if (isThenable(result)) result.then(undefined, report);
  } catch (error) {
    report(error);
  }
}

/**
 * An Observable whose direct subscribers cannot harm anybody else: what they throw, or reject, is
 * reported, where rxjs would make it an uncaught exception of the process. Behind an operator rxjs's
 * own rules hold.
 */
export class IsolatedObservable<T> extends Observable<T> {
  constructor(
    connect: (subscriber: Subscriber<T>) => Subscription | void,
    private readonly report: (error: unknown) => void,
  ) {
    super(connect);
  }

  override subscribe(listener?: Listener<T>): Subscription {
    if (listener instanceof Subscriber) return super.subscribe(listener);
    const observer = typeof listener === 'function' ? { next: listener } : (listener ?? {});
    const { report } = this;
    return super.subscribe({
      next: (value) => isolate(() => observer.next?.(value), report),
      error: (error: unknown) =>
        isolate(() => (observer.error ? observer.error(error) : report(error)), report),
      complete: () => isolate(() => observer.complete?.(), report),
    });
  }
}
