import { Logger } from '@nestjs/common';
import { type Awaitable } from '../awaitable.js';
import { type RequestContext } from '../context/request-context.js';
import { messageOf } from '../errors/error-text.js';
import { SessionError } from '../errors/session.error.js';
import { type Site } from '../session/site.js';
import { asSessionError } from '../store/store-failure.js';
import { Arrivals } from './arrivals.js';
import {
  type HttpRequest,
  type HttpResponse,
  type RawResponse,
  rawResponse,
} from './http-exchange.js';
import { Gatekeeper } from './gatekeeper.js';
import { SessionExchange } from './session-exchange.js';
import { type SessionTransport } from './session-transport.js';

/** The HTTP side of an application's sessions: which exchange a request belongs to. */
export class HttpSessions {
  readonly #logger = new Logger('SessionModule');
  /** What a response has its exchange under: a `WeakMap` of them would take the garbage collector longer. */
  readonly #mark = Symbol('session exchange');
  readonly gatekeeper = new Gatekeeper((response) => this.#exchangeOf(response)?.gate);
  readonly arrivals = new Arrivals();
  /**
   * Whether a request goes on only when its session is there: where anybody may ask for it without
   * waiting, and the store takes its time. Known once the application is built.
   */
  opensAhead = false;

  constructor(
    readonly site: Site,
    readonly context: RequestContext,
    readonly transport: SessionTransport,
    readonly isSecure: (request: HttpRequest) => boolean,
  ) {}

  /** The one exchange of a request, whoever asks for it. */
  exchangeOf(request: HttpRequest, response: HttpResponse): SessionExchange {
    const raw = rawResponse(response);
    const existing = this.#exchangeOf(raw);
    if (existing !== undefined) return existing;
    const exchange = new SessionExchange(this, request, raw);
    raw[this.#mark] = exchange;
    return exchange;
  }

  /** Goes on with a request, in its own context where anybody asks for the current session. */
  enter(request: HttpRequest, response: HttpResponse, next: (error?: unknown) => void): void {
    if (!this.context.isWanted) return next();
    const exchange = this.exchangeOf(request, response);
    if (exchange.hasContext && this.context.holder === exchange) return next();
    exchange.hasContext = true;
    const go = (): void => this.context.run(exchange, next);
    if (this.opensAhead) exchange.openAhead(go);
    else go();
  }

  /** Does what no client waits for any more; what goes wrong is logged. */
  settle(work: () => Awaitable<void>): void {
    try {
      const done = work();
      if (done instanceof Promise) done.catch((error: unknown) => this.log(asSessionError(error)));
    } catch (error) {
      this.log(asSessionError(error));
    }
  }

  /** Errors of the programme are logged; those that a client can mend are not. */
  log(error: unknown): void {
    if (error instanceof SessionError && error.getStatus() < 500) return;
    if (error instanceof Error) this.#logger.error(error.message, error.stack);
    else this.#logger.error(messageOf(error));
  }

  #exchangeOf(response: RawResponse): SessionExchange | undefined {
    const exchange = response[this.#mark];
    return exchange instanceof SessionExchange ? exchange : undefined;
  }
}
