import {
  checkRandomSource,
  RandomSource,
  SystemRandomSource,
} from '../../lib/session/random-source.js';
import { isUid } from '../../lib/session/uid.js';

/** A source that hands out what it is given, in turn. */
class ListedSource extends RandomSource {
  readonly #tokens: string[];

  constructor(...tokens: string[]) {
    super();
    this.#tokens = tokens;
  }

  token(): string {
    const token = this.#tokens.shift();
    if (token === undefined) throw new Error('no entropy');
    return token;
  }
}

const [A, B] = ['A'.repeat(43), `B${'A'.repeat(42)}`];

describe('SystemRandomSource', () => {
  it.each([1, 8, 16, 31, 32, 33, 16_383, 16_384])('hands out %d bytes as base64url', (bytes) => {
    const token = new SystemRandomSource().token(bytes);

    expect(token).toMatch(/^[\w-]+$/);
    expect(Buffer.from(token, 'base64url')).toHaveLength(bytes);
  });

  it('refuses to hand out less than it was asked for', () => {
    expect(() => new SystemRandomSource().token(16_385)).toThrow(RangeError);
  });

  it('hands out proper uids', () => {
    const source = new SystemRandomSource();

    const tokens = Array.from({ length: 2000 }, () => source.token(32));

    expect(tokens.filter((token) => !isUid(token))).toEqual([]);
  });

  it('hands out nothing twice, not in many pools', () => {
    const source = new SystemRandomSource();

    const tokens = Array.from({ length: 20_000 }, (_, index) => source.token(16 + (index % 17)));

    expect(new Set(tokens).size).toBe(20_000);
  });

  it('hands out every bit both ways about as often', () => {
    const source = new SystemRandomSource();
    const ones = Array.from({ length: 256 }, () => 0);

    for (let round = 0; round < 2000; round++) {
      const bytes = Buffer.from(source.token(32), 'base64url');
      ones.forEach(
        (_, bit) => (ones[bit] = (ones[bit] ?? 0) + (((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1)),
      );
    }

    // 1000 expected, with a standard deviation of 22: ten of those are not chance.
    expect(Math.min(...ones)).toBeGreaterThan(780);
    expect(Math.max(...ones)).toBeLessThan(1220);
  });

  it('shares nothing with another', () => {
    expect(new SystemRandomSource().token(32)).not.toBe(new SystemRandomSource().token(32));
  });
});

describe('checkRandomSource', () => {
  it('passes on a source whose tokens differ and are uids', () => {
    const source = new ListedSource(A, B);

    expect(checkRandomSource(source)).toBe(source);
  });

  it.each([
    ['the same twice', [A, A]],
    ['too little', [A.slice(1), B.slice(1)]],
    ['too much', [`A${A}`, `A${B}`]],
    ['another alphabet', [A.replace('A', '+'), B.replace('A', '/')]],
    ['nothing', ['', '']],
  ])('refuses a source that hands out %s', (_what, tokens) => {
    expect(() => checkRandomSource(new ListedSource(...tokens))).toThrow(
      expect.objectContaining({ code: 'SESSION_OPTION_INVALID', option: 'RandomSource' }),
    );
  });

  it('passes on what a source throws', () => {
    expect(() => checkRandomSource(new ListedSource())).toThrow('no entropy');
  });
});
