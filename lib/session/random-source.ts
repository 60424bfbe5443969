import { randomFillSync } from 'node:crypto';
import { SessionOptionError } from '../errors/session.errors.js';
import { isUid } from './uid.js';

/** How much randomness is drawn from the system at a time, in bytes. */
const POOL = 16_384;

/**
 * The one source of randomness: of uids, handles and everything else that must not be guessed. The
 * class is also the injection token, so a test can put a predictable one in its place.
 *
 * @publicApi
 */
export abstract class RandomSource {
  /** That many fresh random bytes as base64url. Throws rather than return anything weaker. */
  abstract token(bytes: number): string;
}

/**
 * The system's CSPRNG, drawn 16 KiB at a time: a call to the system costs thirty times what a slice
 * of the pool does. What was handed out is wiped from the pool.
 */
export class SystemRandomSource extends RandomSource {
  readonly #pool = Buffer.alloc(POOL);
  #used = POOL;

  token(bytes: number): string {
    if (bytes > POOL)
      throw new RangeError(`There are ${POOL} random bytes at a time, not ${bytes}.`);
    if (this.#used + bytes > POOL) {
      randomFillSync(this.#pool);
      this.#used = 0;
    }
    const end = this.#used + bytes;
    const token = this.#pool.toString('base64url', this.#used, end);
    this.#pool.fill(0, this.#used, end);
    this.#used = end;
    return token;
  }
}

/** Throws where a source hands out no proper uids, or the same one twice. */
export function checkRandomSource(source: RandomSource): RandomSource {
  const first = source.token(32);
  const second = source.token(32);
  if (isUid(first) && isUid(second) && first !== second) return source;
  throw new SessionOptionError(
    'RandomSource',
    'must hand out a different token each time: base64url of as many random bytes as asked for.',
  );
}
