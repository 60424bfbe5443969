import { type ExecutionContext } from '@nestjs/common';
import { SessionOptionError } from '../errors/session.errors.js';
import { type HttpRequest, type HttpResponse } from '../http/http-exchange.js';
import { sessionsOf } from '../http/mount.js';
import { type SessionExchange } from '../http/session-exchange.js';

/** What GraphQL drivers put into their context: Apollo's a request and its response, Mercurius a reply. */
interface GraphqlContext {
  readonly req?: HttpRequest;
  readonly res?: HttpResponse;
  readonly reply?: HttpResponse & { readonly request?: HttpRequest };
}

/** The exchange that a handler, guard or resolver runs for. */
export function exchangeOf(context: ExecutionContext): SessionExchange {
  const isGraphql = context.getType<string>() === 'graphql';
  const [request, response] = isGraphql ? graphqlPairOf(context) : httpPairOf(context);
  return sessionsOf(request).exchangeOf(request, response);
}

function httpPairOf(context: ExecutionContext): readonly [HttpRequest, HttpResponse] {
  // As `switchToHttp()` has them, which makes functions anew for every call.
  return [context.getArgByIndex<HttpRequest>(0), context.getArgByIndex<HttpResponse>(1)];
}

function graphqlPairOf(context: ExecutionContext): readonly [HttpRequest, HttpResponse] {
  const { reply, ...given } = context.getArgByIndex<GraphqlContext>(2);
  const { req = reply?.request, res = reply ?? req?.res } = given;
  if (req !== undefined && res !== undefined) return [req, res];
  throw new SessionOptionError(
    'context',
    'of the GraphQL module holds no request and response: let it return ({ req, res }) as well.',
  );
}
