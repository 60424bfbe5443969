import { SessionError } from '../errors/session.error.js';

/**
 * A delayed call was cancelled or moved after it had been cancelled. Twisted's `AlreadyCancelled`.
 *
 * @publicApi
 */
export class AlreadyCancelledError extends SessionError {
  constructor(
    /** What was asked of the call. */
    readonly action: 'cancel' | 'reset' | 'delay',
  ) {
    super(
      'ALREADY_CANCELLED',
      `${action}() came after cancel(): the delayed call will never be made. Ask active() first, or make a new call with callLater().`,
    );
  }
}

/**
 * A delayed call was cancelled or moved when it had been made, or was just being made. Twisted's
 * `AlreadyCalled`.
 *
 * @publicApi
 */
export class AlreadyCalledError extends SessionError {
  constructor(
    /** What was asked of the call. */
    readonly action: 'cancel' | 'reset' | 'delay',
  ) {
    super(
      'ALREADY_CALLED',
      `${action}() came too late: the delayed call has been made. Ask active() first, or make a new call with callLater().`,
    );
  }
}
