import { type ServerResponse } from 'node:http';

/** Node's response behind what `@Res()` injects: an Express response is one, a Fastify reply has one. */
export function rawOf(response: ServerResponse | { readonly raw: ServerResponse }): ServerResponse {
  return 'raw' in response ? response.raw : response;
}

/** What `@Res()` injects, on either framework. */
export type AnyResponse = Parameters<typeof rawOf>[0];
