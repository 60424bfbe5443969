import { BlockList, isIP } from 'node:net';
import { inspect } from 'node:util';
import { SessionOptionError } from '../errors/session.errors.js';

/** An IP address, to be looked at more closely, and perhaps the length of a prefix. */
const RANGE = /^([\da-f:.]+)(?:\/(\d{1,3}))?$/i;

/** Whether a proxy at this address may say how the client reached it. */
export type PeerTest = (address: string | undefined) => boolean;

/**
 * Makes a test of the `cookie.trustProxy` option: `true` trusts every peer, also one on a Unix socket
 * that has no address; `false`, `undefined` and an empty list trust none; IP addresses and CIDR ranges
 * trust what they contain, IPv4 addresses mapped to IPv6 (`::ffff:10.0.0.1`) included.
 *
 * Throws {@link SessionOptionError} on an entry that is neither.
 */
export function trustedPeers(trustProxy: boolean | string | readonly string[] = false): PeerTest {
  if (typeof trustProxy === 'boolean') return () => trustProxy;
  const entries: unknown = typeof trustProxy === 'string' ? [trustProxy] : trustProxy;
  if (!Array.isArray(entries)) refuse(entries);
  const trusted = new BlockList();
  for (const entry of entries) add(trusted, entry);
  return (address = '') => {
    const family = isIP(address);
    return family !== 0 && trusted.check(address, family === 4 ? 'ipv4' : 'ipv6');
  };
}

function add(trusted: BlockList, entry: unknown): void {
  const match = typeof entry === 'string' ? RANGE.exec(entry) : null;
  const address = match?.[1] ?? '';
  const family = isIP(address);
  const longest = family === 4 ? 32 : 128;
  const prefix = Number(match?.[2] ?? longest);
  if (family === 0 || prefix > longest) refuse(entry);
  trusted.addSubnet(address, prefix, family === 4 ? 'ipv4' : 'ipv6');
}

function refuse(entry: unknown): never {
  throw new SessionOptionError(
    'cookie.trustProxy',
    `is no IP address or CIDR range: ${inspect(entry)}. Write the addresses of your proxies, as in ['10.0.0.0/8', '::1'], or true to trust every peer.`,
  );
}
