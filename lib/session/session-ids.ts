import { type RandomSource } from './random-source.js';

/** The counter's room within one millisecond: the 12 bits that a UUIDv7 has for it. */
const COUNTER = 4096;

/** How many handles have their random ends drawn at a time, and how long each is in hex digits. */
const TAILS = 64;
const TAIL = 16;

/**
 * Public handles: UUIDv7 (RFC 9562, section 5.7, method 1), so they sort by creation. Several in one
 * millisecond count up; when the counter is full the time runs ahead of the clock.
 */
export class SessionIds {
  #millisecond = 0;
  #counter = 0;
  /** The handle as far as the millisecond goes. */
  #head = headOf(0);
  /** Random ends in a row. A handle is no secret, so they may lie here until they are used. */
  #tails = '';
  #used = 0;

  constructor(private readonly random: RandomSource) {}

  /** A new handle, greater than every one before. @param now Unix seconds */
  next(now: number): string {
    const millisecond = Math.floor(now * 1000);
    if (millisecond > this.#millisecond) this.#startMillisecond(millisecond);
    else if (++this.#counter === COUNTER) this.#startMillisecond(this.#millisecond + 1);
    const versionAndCounter = (0x7000 | this.#counter).toString(16);
    return `${this.#head}-${versionAndCounter}-${this.#nextTail()}`;
  }

  #startMillisecond(millisecond: number): void {
    this.#millisecond = millisecond;
    this.#counter = 0;
    this.#head = headOf(millisecond);
  }

  #nextTail(): string {
    if (this.#used === this.#tails.length) {
      this.#tails = tailsOf(this.random);
      this.#used = 0;
    }
    const start = this.#used;
    const end = (this.#used += TAIL);
    return `${this.#tails.slice(start, start + 4)}-${this.#tails.slice(start + 4, end)}`;
  }
}

function headOf(millisecond: number): string {
  const hex = millisecond.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}

/** Each begins with the two bits of a UUID's variant. */
function tailsOf(random: RandomSource): string {
  const bytes = Buffer.from(random.token((TAILS * TAIL) / 2), 'base64url');
  for (let index = 0; index < bytes.length; index += TAIL / 2) {
    bytes.writeUInt8((bytes.readUInt8(index) & 0x3f) | 0x80, index);
  }
  return bytes.toString('hex');
}
