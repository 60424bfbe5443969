import { type PeerTest } from './trusted-peers.js';

/**
 * What is read of a request to tell how the client came: an Express or Fastify request, or Node's own.
 */
export interface ConnectionRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What the framework says by its own trust setting. Node's own requests have none. */
  readonly protocol?: string;
  readonly socket?: ConnectionSocket | null;
}

/** The direct peer's connection. A TLS socket has `encrypted`, a Unix socket no address. */
export interface ConnectionSocket {
  readonly encrypted?: boolean;
  readonly remoteAddress?: string | undefined;
}

/**
 * Whether the client came over TLS: to this process, or to a proxy that may say so.
 *
 * The framework's word (Express `trust proxy`, Fastify `trustProxy`) is taken first; `isTrusted` is
 * asked only beyond it. From a peer that neither trusts, `X-Forwarded-Proto` is an unverified claim and
 * is ignored. Of a list the first value counts: the hop next to the client.
 */
export function isSecureConnection(request: ConnectionRequest, isTrusted?: PeerTest): boolean {
  if (request.socket?.encrypted === true) return true;
  if (request.protocol === 'https') return true;
  const header = request.headers['x-forwarded-proto'];
  // The address is asked for last: the first time it is a call to the system.
  if (header === undefined || !isTrusted?.(request.socket?.remoteAddress)) return false;
  const first = Array.isArray(header) ? header[0] : header;
  return first?.split(',', 1)[0]?.trim().toLowerCase() === 'https';
}
