import { hash } from 'node:crypto';

/** A character outside of the base64url alphabet (RFC 4648, section 5). */
const FOREIGN = /[^\w-]/;

/** The last character carries four bits, so its lower two are 0: one in four of the alphabet. */
const LAST = 'AEIMQUYcgkosw048';

/**
 * Whether the text has the shape of a uid: the 43 characters that base64url makes of 32 bytes.
 *
 * Only the canonical spelling counts, the last character too, so no two texts are one uid. What has
 * another shape is nobody's session and need not be asked for in a store.
 */
export function isUid(value: string): boolean {
  return value.length === 43 && !FOREIGN.test(value) && LAST.includes(value.charAt(42));
}

/**
 * What stores and logs know a uid by: the SHA-256 of its characters, as base64url. A leaked store
 * gives no session away, because the uid cannot be had from it (OWASP ASVS 5.0, V7).
 */
export function uidKey(uid: string): string {
  return hash('sha256', uid, 'base64url');
}
