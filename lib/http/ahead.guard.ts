import { type CanActivate, type ExecutionContext } from '@nestjs/common';
import { type Awaitable } from '../awaitable.js';
import { type HttpRequest, type HttpResponse } from './http-exchange.js';
import { type HttpSessions } from './http-sessions.js';

/**
 * Forbids nothing. Where the store takes its time, it has a request's session opened before a controller
 * runs that was given the current session, and asks for it without waiting.
 */
export class AheadGuard implements CanActivate {
  constructor(
    private readonly http: HttpSessions,
    private readonly controllers: ReadonlySet<unknown>,
  ) {}

  canActivate(context: ExecutionContext): Awaitable<boolean> {
    if (!this.controllers.has(context.getClass())) return true;
    if (context.getType() !== 'http') return true;
    const request = context.getArgByIndex<HttpRequest>(0);
    const response = context.getArgByIndex<HttpResponse>(1);
    const exchange = this.http.exchangeOf(request, response);
    return new Promise((resolve) => exchange.openAhead(() => resolve(true)));
  }
}
