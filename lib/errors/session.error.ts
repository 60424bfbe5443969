import { HttpException, HttpStatus } from '@nestjs/common';

/** What a {@link SessionError} carries beside its code and message. */
export interface SessionErrorOptions {
  /** The HTTP status that the client sees. @default 500 */
  readonly status?: HttpStatus;
  /** The error that led to this one. */
  readonly cause?: unknown;
}

/**
 * The root of every error that this library throws.
 *
 * It is a Nest `HttpException`, so an exception filter of the application's own answers it with the
 * right status. Errors of the programme itself (status 500) keep their message out of the response:
 * the client sees `{ statusCode, code, message: 'Internal Server Error' }`. No error carries a `uid`.
 *
 * @publicApi
 */
export abstract class SessionError extends HttpException {
  /** A stable, machine-readable name, part of the public API: `SESSION_NOT_FOUND`, … */
  readonly code: string;

  constructor(code: string, message: string, options: SessionErrorOptions = {}) {
    const status = options.status ?? HttpStatus.INTERNAL_SERVER_ERROR;
    const shown = status === HttpStatus.INTERNAL_SERVER_ERROR ? 'Internal Server Error' : message;
    super({ statusCode: status, code, message: shown }, status, { cause: options.cause });
    this.code = code;
    this.message = message;
    this.name = new.target.name;
  }
}
