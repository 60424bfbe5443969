import { type ArgumentsHost, Catch, Logger } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { SessionError } from '../errors/session.error.js';
import { type HttpResponse, rawResponse } from './http-exchange.js';
import { setRetryAfter } from './refusal.js';

/**
 * Answers this library's errors, and logs those that only a developer or an operator can mend. An
 * application's own filters come before it; they see an `HttpException` with the right status.
 */
@Catch(SessionError)
export class SessionErrorFilter extends BaseExceptionFilter<SessionError> {
  readonly #logger = new Logger('SessionModule');

  override catch(error: SessionError, host: ArgumentsHost): void {
    if (error.getStatus() >= 500) this.#logger.error(error.message, error.stack);
    if (host.getType<string>() !== 'http') throw error;
    setRetryAfter(rawResponse(host.switchToHttp().getResponse<HttpResponse>()), error);
    super.catch(error, host);
  }
}
