import { isolate } from './isolated-observable.js';
import { type SessionExpiration } from './session-expiration.js';

/** Somebody who wants to be told of a session's end. */
export type ExpirationListener = (expiration: SessionExpiration) => unknown;

/**
 * One listener, as often as it was added, between those who asked before and after: they stand in a ring,
 * so that each is added and goes at once, however many there are.
 */
export class Waiting {
  previous: Waiting = this;
  next: Waiting = this;
  /** Whether it was told, or does not want to know any more. */
  isGone = false;

  constructor(readonly listener: ExpirationListener) {}
}

/** What ends one day, and who waits for that. */
export interface Awaited {
  /** The first who asked; nobody where nobody waits. */
  $listeners: Waiting | undefined;
}

/** Notes a listener, after all others. */
export function addListener(awaited: Awaited, listener: ExpirationListener): Waiting {
  const waiting = new Waiting(listener);
  const first = awaited.$listeners;
  if (first === undefined) awaited.$listeners = waiting;
  else {
    waiting.previous = first.previous;
    waiting.next = first;
    first.previous.next = waiting;
    first.previous = waiting;
  }
  return waiting;
}

/** Forgets a listener. One that was told, or forgotten before, is not there any more. */
export function removeListener(awaited: Awaited, waiting: Waiting): void {
  if (waiting.isGone) return;
  waiting.isGone = true;
  const { previous, next } = waiting;
  previous.next = next;
  next.previous = previous;
  if (awaited.$listeners === waiting) awaited.$listeners = next === waiting ? undefined : next;
}

/**
 * Tells everybody, each once and in the order in which they asked, and forgets them. None can keep the
 * next from being told: what one throws or rejects is reported.
 */
export function tellListeners(
  awaited: Awaited,
  expiration: SessionExpiration,
  report: (error: unknown) => void,
): void {
  for (let first = awaited.$listeners; first !== undefined; first = awaited.$listeners) {
    const { listener } = first;
    removeListener(awaited, first);
    isolate(() => listener(expiration), report);
  }
}
