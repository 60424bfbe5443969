import { Subscription } from 'rxjs';
import { isolate } from './isolated-observable.js';
import { type SessionExpiration } from './session-expiration.js';

/** Somebody who wants to be told of a session's end. */
export type ExpirationListener = (expiration: SessionExpiration) => unknown;

/**
 * Who is told when one session ends, in the order in which they asked. Each is told once, and none
 * can keep the next from being told: what one throws or rejects is reported.
 */
export class ExpirationListeners {
  readonly #listeners = new Set<{ readonly listener: ExpirationListener }>();

  constructor(private readonly report: (error: unknown) => void) {}

  /** Whether nobody wants to know any more. */
  get isEmpty(): boolean {
    return this.#listeners.size === 0;
  }

  add(listener: ExpirationListener): Subscription {
    const entry = { listener };
    this.#listeners.add(entry);
    return new Subscription(() => this.#listeners.delete(entry));
  }

  /** Tells everybody, and lets go of them. */
  tell(expiration: SessionExpiration): void {
    for (const entry of this.#listeners) {
      this.#listeners.delete(entry);
      isolate(() => entry.listener(expiration), this.report);
    }
  }
}
