import { randomFillSync } from 'node:crypto';

const UID = 32;
const POOL = 512 * UID;
const HEX = Buffer.from('0123456789abcdef', 'latin1');

/** Where the counter of a UUIDv7 begins, and its random end. */
const COUNTER = 14;
const TAIL = 19;

/**
 * Uids and handles, as cheap as they come: random bytes are drawn many at a time, and a handle is written into a
 * buffer, of which it is one flat string.
 */
export class BareIds {
  #pool = Buffer.alloc(POOL);
  #used = POOL;
  #id = Buffer.from('00000000-0000-7000-8000-000000000000', 'latin1');
  #millisecond = 0;
  #counter = 0;

  /** 32 random bytes as base64url. */
  uid() {
    const start = this.#draw(UID);
    return this.#pool.toString('base64url', start, start + UID);
  }

  /** A UUIDv7: the millisecond, a counter and 62 random bits. @param now Unix seconds */
  id(now) {
    const millisecond = Math.floor(now * 1000);
    if (millisecond > this.#millisecond) this.#startMillisecond(millisecond);
    const counter = this.#counter++;
    this.#put(COUNTER, 0x70 | (counter >> 8));
    this.#put(COUNTER + 2, counter & 0xff);
    const start = this.#draw(8);
    this.#put(TAIL, 0x80 | (this.#pool[start] & 0x3f));
    this.#put(TAIL + 2, this.#pool[start + 1]);
    for (let i = 2; i < 8; i++) this.#put(TAIL + 1 + 2 * i, this.#pool[start + i]);
    return this.#id.latin1Slice();
  }

  #startMillisecond(millisecond) {
    const hex = millisecond.toString(16).padStart(12, '0');
    this.#id.latin1Write(`${hex.slice(0, 8)}-${hex.slice(8)}`);
    this.#millisecond = millisecond;
    this.#counter = 0;
  }

  #put(at, byte) {
    this.#id[at] = HEX[byte >> 4];
    this.#id[at + 1] = HEX[byte & 0xf];
  }

  /** Where so many random bytes begin in the pool. */
  #draw(bytes) {
    if (this.#used + bytes > POOL) {
      randomFillSync(this.#pool);
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += bytes;
    return start;
  }
}
