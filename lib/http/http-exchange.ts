import { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';

/** What is read of a framework's request. */
export interface HttpRequest {
  readonly headers: IncomingHttpHeaders;
  /** The scheme as the framework sees it, with its own setting for trusted proxies. */
  readonly protocol?: string;
  readonly socket?: IncomingMessage['socket'];
  /** Express: the application that handles it, with whatever was put there. */
  readonly app?: { readonly locals?: Holder };
  /** Fastify: the instance that handles it, with whatever it was decorated with. */
  readonly server?: Holder;
  /** Express: the response that belongs to it. */
  readonly res?: HttpResponse;
}

/** An object of the framework's that holds something of ours under a symbol. */
export interface Holder {
  [own: symbol]: unknown;
}

/** Node's response. */
export interface RawResponse extends ServerResponse {
  [own: symbol]: unknown;
}

/** What is written of a framework's response: that of Express is Node's own, Fastify's reply has it as `raw`. */
export type HttpResponse = RawResponse | { readonly raw: RawResponse };

/** Node's response behind a framework's. */
export function rawResponse(response: HttpResponse): RawResponse {
  return 'raw' in response ? response.raw : response;
}
