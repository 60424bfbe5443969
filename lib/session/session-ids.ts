import { type RandomSource } from './random-source.js';

/** The counter's room within one millisecond: the 12 bits that a UUIDv7 has for it. */
const COUNTER = 4096;

/** How many random bytes end a handle, and how many are drawn at a time. */
const TAIL = 8;
const DRAWN = 64 * TAIL;

const HEX = Buffer.from('0123456789abcdef', 'latin1');

/** Where the parts of a UUIDv7 begin: the version with the counter, the variant, and what is random. */
const AT = Object.freeze({ counter: 14, variant: 19, random: 24 });

/**
 * Public handles: UUIDv7 (RFC 9562, section 5.7, method 1), so they sort by creation. Several in one
 * millisecond count up; when the counter is full the time runs ahead of the clock.
 *
 * They are written into one buffer, of which each is a flat string: pieces that are put together keep
 * all that they were cut from in memory.
 */
export class SessionIds {
  readonly #text = Buffer.from('00000000-0000-7000-8000-000000000000', 'latin1');
  #millisecond = 0;
  #counter = 0;
  /** A handle is no secret, so they may lie here until they are used. */
  #drawn = Buffer.alloc(0);
  #used = 0;

  constructor(private readonly random: RandomSource) {}

  /** A new handle, greater than every one before. @param now Unix seconds */
  next(now: number): string {
    const millisecond = Math.floor(now * 1000);
    if (millisecond > this.#millisecond) this.#startMillisecond(millisecond);
    else if (++this.#counter === COUNTER) this.#startMillisecond(this.#millisecond + 1);
    this.#write(AT.counter, 0x70 | (this.#counter >> 8));
    this.#write(AT.counter + 2, this.#counter & 0xff);
    this.#write(AT.variant, 0x80 | (this.#draw() & 0x3f));
    this.#write(AT.variant + 2, this.#draw());
    for (let index = 0; index < TAIL - 2; index++) {
      this.#write(AT.random + 2 * index, this.#draw());
    }
    return this.#text.toString('latin1');
  }

  #startMillisecond(millisecond: number): void {
    this.#millisecond = millisecond;
    this.#counter = 0;
    const hex = millisecond.toString(16).padStart(12, '0');
    this.#text.write(`${hex.slice(0, 8)}-${hex.slice(8)}`, 'latin1');
  }

  #write(at: number, byte: number): void {
    this.#text[at] = HEX[byte >> 4] ?? 0;
    this.#text[at + 1] = HEX[byte & 0xf] ?? 0;
  }

  #draw(): number {
    if (this.#used >= this.#drawn.length) {
      this.#drawn = Buffer.from(this.random.token(DRAWN), 'base64url');
      this.#used = 0;
    }
    return this.#drawn[this.#used++] ?? 0;
  }
}
