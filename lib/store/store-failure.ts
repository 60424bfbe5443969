import { type Awaitable, isThenable } from '../awaitable.js';
import { SessionError } from '../errors/session.error.js';
import { SessionStoreUnavailableError } from '../errors/session.errors.js';

/** What went wrong, as an error of this library: whatever else a store throws means that it is away. */
export function asSessionError(error: unknown): SessionError {
  return error instanceof SessionError ? error : new SessionStoreUnavailableError(error);
}

/**
 * Asks a store, which may fail at once or later, and goes on with its answer.
 *
 * @param failed is told that there is none
 * @throws SessionError and nothing else where the store fails
 */
export function asked<T, R>(
  ask: () => Awaitable<T>,
  next: (answer: T) => Awaitable<R>,
  failed = nobody,
): Awaitable<R> {
  let answer: Awaitable<T>;
  try {
    answer = ask();
  } catch (error) {
    failed();
    throw asSessionError(error);
  }
  if (!isThenable(answer)) return next(answer);
  return Promise.resolve(answer).then(next, (error: unknown) => {
    failed();
    throw asSessionError(error);
  });
}

function nobody(): void {}
