import { type Awaitable, isThenable } from '../awaitable.js';
import { SessionError } from '../errors/session.error.js';
import { SessionStoreUnavailableError } from '../errors/session.errors.js';

/** What went wrong, as an error of this library: whatever else a store throws means that it is away. */
export function asSessionError(error: unknown): SessionError {
  return error instanceof SessionError ? error : new SessionStoreUnavailableError(error);
}

/** Asks a store, which may fail at once or later. @throws SessionError and nothing else */
export function asked<T>(ask: () => Awaitable<T>): Awaitable<T> {
  try {
    const answer = ask();
    return isThenable(answer) ? Promise.resolve(answer).catch(fail) : answer;
  } catch (error) {
    return fail(error);
  }
}

function fail(error: unknown): never {
  throw asSessionError(error);
}
