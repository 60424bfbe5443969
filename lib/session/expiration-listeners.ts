import { isolate } from './isolated-observable.js';
import { type SessionExpiration } from './session-expiration.js';

/** Somebody who wants to be told of a session's end. */
export type ExpirationListener = (expiration: SessionExpiration) => unknown;

/** One that is told, as often as it was added. */
interface Entry {
  readonly listener: ExpirationListener;
}

/**
 * Who is told when one session ends, in the order in which they asked. Each is told once, and none
 * can keep the next from being told: what one throws or rejects is reported.
 */
export class ExpirationListeners {
  #entries: Entry[] = [];

  constructor(private readonly reporter: { report(error: unknown): void }) {}

  /** Whether nobody wants to know any more. */
  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** Returns what takes it out again. */
  add(listener: ExpirationListener): () => void {
    const entry: Entry = { listener };
    // Nearly always it stays the only one; an array that grows makes room for many.
    if (this.isEmpty) this.#entries = [entry];
    else this.#entries.push(entry);
    return () => {
      this.#entries = this.#entries.filter((other) => other !== entry);
    };
  }

  /** Tells everybody, and lets go of them. */
  tell(expiration: SessionExpiration): void {
    const report = (error: unknown): void => this.reporter.report(error);
    for (let entry = this.#entries.shift(); entry !== undefined; entry = this.#entries.shift()) {
      const { listener } = entry;
      isolate(() => listener(expiration), report);
    }
  }
}
