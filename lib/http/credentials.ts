import { type IncomingHttpHeaders } from 'node:http';
import { isUid } from '../session/uid.js';
import { findCookie } from './cookie-reader.js';

/** What a request brings to say whose it is. Only a well-formed uid is worth asking the store for. */
export type Credentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'malformed' }
  /** Two cookies of the name, or a cookie and a header that disagree: somebody is playing tricks. */
  | { readonly kind: 'contradictory' }
  | { readonly kind: 'uid'; readonly uid: string };

const NONE: Credentials = Object.freeze({ kind: 'none' });
const MALFORMED: Credentials = Object.freeze({ kind: 'malformed' });
const CONTRADICTORY: Credentials = Object.freeze({ kind: 'contradictory' });

/** Reads the configured carriers and nothing else: never the query, the path or the body. */
export function readCredentials(
  headers: IncomingHttpHeaders,
  cookieName: string | undefined,
  headerName: string | undefined,
): Credentials {
  const cookie = cookieName === undefined ? NONE : fromCookie(headers.cookie, cookieName);
  if (headerName === undefined) return cookie;
  const header = fromHeader(headers[headerName]);
  if (header.kind === 'none') return cookie;
  if (cookie.kind === 'none') return header;
  return cookie.kind === 'uid' && header.kind === 'uid' && cookie.uid === header.uid
    ? cookie
    : CONTRADICTORY;
}

function fromCookie(header: string | undefined, name: string): Credentials {
  const found = findCookie(header, name);
  if (found.kind === 'none') return NONE;
  return found.kind === 'several' ? CONTRADICTORY : fromValue(found.value);
}

function fromHeader(value: string | string[] | undefined): Credentials {
  if (value === undefined || value === '') return NONE;
  return typeof value === 'string' ? fromValue(value) : CONTRADICTORY;
}

function fromValue(value: string): Credentials {
  return isUid(value) ? { kind: 'uid', uid: value } : MALFORMED;
}
