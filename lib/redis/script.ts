import { createHash } from 'node:crypto';
import { PRELUDE } from './scripts/prelude.js';

/** A Lua script, and what the server knows it by once it has seen it. */
export interface Script {
  readonly source: string;
  /** SHA-1 of the source, as `EVALSHA` wants it. */
  readonly sha: string;
}

/** A script of this store: with the names and rules that all of them share before its own body. */
export function scriptOf(body: string): Script {
  const source = PRELUDE + body;
  return { source, sha: createHash('sha1').update(source).digest('hex') };
}
