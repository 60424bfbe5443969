import { HttpStatus } from '@nestjs/common';
import { SessionError } from './session.error.js';

/**
 * No live session answers to the uid that was asked for.
 *
 * @publicApi
 */
export class SessionNotFoundError extends SessionError {
  constructor() {
    super(
      'SESSION_NOT_FOUND',
      'No live session has this uid: it has ended or never existed. Use findSession() where that is expected.',
      { status: HttpStatus.UNAUTHORIZED },
    );
  }
}

/**
 * A route asks for more than the request brings: a session, a principal, or a recent login.
 *
 * @publicApi
 */
export class SessionRequiredError extends SessionError {
  constructor(
    /** What is missing. */
    readonly requirement: 'session' | 'principal' | 'recent login' | 'level',
  ) {
    super(
      'SESSION_REQUIRED',
      `This needs ${REQUIRED[requirement]}: log in and repeat the request.`,
      { status: HttpStatus.UNAUTHORIZED },
    );
  }
}

const REQUIRED = Object.freeze({
  session: 'a session',
  principal: 'somebody who is logged in',
  'recent login': 'a recent login',
  level: 'a login of another level',
});

/**
 * The injected session stands for the current one, and there is none where it was used.
 *
 * @publicApi
 */
export class NoCurrentSessionError extends SessionError {
  constructor(what: string) {
    super(
      'NO_CURRENT_SESSION',
      `${what} was used outside of a request. Wrap the call in sessions.run(session, fn), or take the session as an argument.`,
    );
  }
}

/**
 * The current session was asked for where it has not arrived from the store yet, and nobody waits.
 *
 * @publicApi
 */
export class SessionNotLoadedError extends SessionError {
  constructor() {
    super(
      'SESSION_NOT_LOADED',
      'The current session is still on its way from the store. Take it as a handler parameter, @InjectSession(), or inject it by constructor where Nest sees that at boot; moduleRef.get() and current() alone cannot wait.',
    );
  }
}

/**
 * The session has ended, so it can no longer be written, renewed or logged in.
 *
 * @publicApi
 */
export class SessionExpiredError extends SessionError {
  constructor(
    /** The public handle of the ended session. */
    readonly id: string,
    /** Why it ended, where that is known. */
    readonly reason?: string,
  ) {
    super(
      'SESSION_EXPIRED',
      `Session ${id} has ended${reason === undefined ? '' : ` (${reason})`}; what ended stays ended. Make a new session.`,
      { status: HttpStatus.CONFLICT },
    );
  }
}

/**
 * Somebody else changed the same component, and the two changes cannot be merged.
 *
 * @publicApi
 */
export class SessionConflictError extends SessionError {
  constructor(
    /** The public handle of the session. */
    readonly id: string,
    /** The names of the components that conflict. */
    readonly components: readonly string[],
  ) {
    super(
      'SESSION_CONFLICT',
      `Session ${id} was changed elsewhere meanwhile (${components.join(', ')}). Repeat the request, or make the change in session.update(), which re-runs it.`,
      { status: HttpStatus.CONFLICT },
    );
  }
}

/**
 * The principal has as many sessions as `maxPerPrincipal` allows, and the policy is to refuse.
 *
 * @publicApi
 */
export class SessionLimitError extends SessionError {
  constructor(
    /** The most sessions that one principal may have. */
    readonly limit: number,
  ) {
    super(
      'SESSION_LIMIT',
      `There are ${limit} sessions of this principal already: end one of them first.`,
      { status: HttpStatus.CONFLICT },
    );
  }
}

/**
 * The store did not answer, or not in time. Nothing is known to be lost; the request can be repeated.
 *
 * @publicApi
 */
export class SessionStoreUnavailableError extends SessionError {
  /** Whole seconds after which a client may try again: the value of `Retry-After`. */
  readonly retryAfter = 1;

  constructor(cause?: unknown) {
    super(
      'SESSION_STORE_UNAVAILABLE',
      'The session store did not answer. Repeat the request; if it lasts, check the store and the network to it.',
      { status: HttpStatus.SERVICE_UNAVAILABLE, cause },
    );
  }
}

/**
 * A component, or the session as a whole, is larger than it may be. What was saved before is intact.
 *
 * @publicApi
 */
export class SessionTooLargeError extends SessionError {
  constructor(
    /** What is too large: a component's name, or `session`. */
    readonly subject: string,
    /** The most bytes it may have. */
    readonly limit: number,
  ) {
    super(
      'SESSION_TOO_LARGE',
      `${subject} is larger than ${limit} bytes: keep bulk in a database and its key in the session, or raise ${subject === 'session' ? 'maxBytes' : 'maxComponentBytes'}.`,
      { status: HttpStatus.PAYLOAD_TOO_LARGE },
    );
  }
}

/**
 * A component's state holds what cannot be stored without loss. What was saved before is intact.
 *
 * @publicApi
 */
export class SessionStateError extends SessionError {
  constructor(
    /** Where it is: `cart.items[2].price`. */
    readonly path: string,
    problem: string,
    cause?: unknown,
  ) {
    super('SESSION_STATE_INVALID', `${path} ${problem}`, { cause });
  }
}

/**
 * An option makes no sense. Thrown at boot, or by the setter that was given it.
 *
 * @publicApi
 */
export class SessionOptionError extends SessionError {
  constructor(
    /** The option's name, as in `SessionModule.forRoot(900, { [option]: … })`. */
    readonly option: string,
    problem: string,
    cause?: unknown,
  ) {
    super('SESSION_OPTION_INVALID', `${option} ${problem}`, { cause });
  }
}

/**
 * The headers of the response have left, so the client can no longer be told of a new uid.
 *
 * @publicApi
 */
export class SessionHeadersSentError extends SessionError {
  constructor(action: string) {
    super(
      'SESSION_HEADERS_SENT',
      `${action} needs to set a header, and the response's headers are sent already: do it before the first byte of the body.`,
    );
  }
}

/**
 * A session component cannot be built. Thrown at boot.
 *
 * @publicApi
 */
export class SessionComponentError extends SessionError {
  constructor(
    /** The component's class or name. */
    readonly component: string,
    problem: string,
    cause?: unknown,
  ) {
    super('SESSION_COMPONENT_INVALID', `${component} ${problem}`, { cause });
  }
}
