import { type ExecutionContext } from '@nestjs/common';
import { type HttpRequest, type HttpResponse } from '../http/http-exchange.js';
import { sessionsOf } from '../http/mount.js';
import { type SessionExchange } from '../http/session-exchange.js';

/** A GraphQL context, as the drivers for Express and Fastify make it. */
interface GraphqlContext {
  readonly req: HttpRequest;
  readonly res?: HttpResponse;
  readonly reply?: HttpResponse;
}

/** The exchange that a handler, guard or resolver runs for. */
export function exchangeOf(context: ExecutionContext): SessionExchange {
  const [request, response] = pairOf(context);
  return sessionsOf(request).exchangeOf(request, response);
}

function pairOf(context: ExecutionContext): readonly [HttpRequest, HttpResponse] {
  if (context.getType<string>() === 'graphql') {
    const { req, res = req.res, reply = res } = context.getArgByIndex<GraphqlContext>(2);
    if (reply !== undefined) return [req, reply];
  }
  const http = context.switchToHttp();
  return [http.getRequest<HttpRequest>(), http.getResponse<HttpResponse>()];
}
