import { type RandomSource } from './random-source.js';

/** The counter's room within one millisecond: the 12 bits that a UUIDv7 has for it. */
const COUNTER = 4096;

/**
 * Public handles: UUIDv7 (RFC 9562, section 5.7, method 1), so they sort by creation. Several in one
 * millisecond count up; when the counter is full the time runs ahead of the clock.
 */
export class SessionIds {
  #millisecond = 0;
  #counter = 0;

  constructor(private readonly random: RandomSource) {}

  /** A new handle, greater than every one before. @param now Unix seconds */
  next(now: number): string {
    const millisecond = Math.floor(now * 1000);
    if (millisecond > this.#millisecond) {
      this.#millisecond = millisecond;
      this.#counter = 0;
    } else if (++this.#counter === COUNTER) {
      this.#millisecond++;
      this.#counter = 0;
    }
    return format(this.#millisecond, this.#counter, Buffer.from(this.random.token(8), 'base64url'));
  }
}

function format(millisecond: number, counter: number, tail: Buffer): string {
  const bytes = Buffer.allocUnsafe(16);
  bytes.writeUIntBE(millisecond, 0, 6);
  bytes.writeUInt16BE(0x7000 | counter, 6);
  tail.copy(bytes, 8);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
