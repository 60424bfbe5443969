import { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';

/** What is read of a framework's request: that of Express is Node's own, that of Fastify has it as `raw`. */
export interface HttpRequest {
  readonly headers: IncomingHttpHeaders;
  /** The scheme as the framework sees it, with its own setting for trusted proxies. */
  readonly protocol?: string;
  readonly socket?: IncomingMessage['socket'];
  readonly raw?: IncomingMessage;
  /** Express: the application that handles it, with whatever was put there. */
  readonly app?: { readonly locals?: object };
  /** Fastify: the instance that handles it, with whatever it was decorated with. */
  readonly server?: object;
  /** Express: the response that belongs to it. */
  readonly res?: HttpResponse;
}

/** What is written of a framework's response: that of Express is Node's own, Fastify's reply has it as `raw`. */
export type HttpResponse = ServerResponse | { readonly raw: ServerResponse };

/** Node's response behind a framework's. */
export function rawResponse(response: HttpResponse): ServerResponse {
  return 'raw' in response ? response.raw : response;
}
