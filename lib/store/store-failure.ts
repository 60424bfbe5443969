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
 * @throws SessionError and nothing else where the store fails
 */
export function asked<T, R>(
  ask: () => Awaitable<T>,
  next: (answer: T) => Awaitable<R>,
): Awaitable<R> {
  let answer: Awaitable<T>;
  try {
    answer = ask();
  } catch (error) {
    return fail(error);
  }
  return isThenable(answer) ? Promise.resolve(answer).then(next, fail) : next(answer);
}

function fail(error: unknown): never {
  throw asSessionError(error);
}
