import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { decodeState, encodeState } from '../../lib/components/state.codec.js';
import { SessionStateError, SessionTooLargeError } from '../../lib/errors/session.errors.js';

type State = Record<string, unknown>;

const LIMIT = { name: 'cart', maxBytes: 16_384 };

const encode = (state: State, maxBytes = LIMIT.maxBytes): string =>
  encodeState(state, { ...LIMIT, maxBytes });
const copy = (state: State): State => decodeState(encode(state));

/** What the state is refused for. */
function refusal(state: State, maxBytes?: number): unknown {
  try {
    return encode(state, maxBytes);
  } catch (error) {
    return error;
  }
}

/** Where the state is refused. */
function refusedPath(state: State): string {
  const error = refusal(state);
  if (error instanceof SessionStateError) return error.path;
  throw new Error('It was not refused.', { cause: error });
}

/** An object with so many objects inside each other, itself included. */
function nested(levels: number): State {
  return levels === 1 ? {} : { a: nested(levels - 1) };
}

/** More values than fit. */
function many<T>(value: T): T[] {
  return Array.from({ length: 20_000 }, () => value);
}

describe('encodeState', () => {
  it.each([
    [{}, '{}'],
    [{ items: ['a', 'b'], n: 3 }, '{"items":["a","b"],"n":3}'],
    [
      { a: { b: [true, false, null, 1.5, 'é', '"'] } },
      '{"a":{"b":[true,false,null,1.5,"é","\\""]}}',
    ],
  ])('writes %j as plain JSON', (state, text) => {
    expect(encode(state)).toBe(text);
    expect(decodeState(text)).toStrictEqual(state);
  });

  it.each([
    ['a date', new Date(1.5e12), '{"$date":1500000000000}'],
    ['a map', new Map([['k', 1]]), '{"$map":[["k",1]]}'],
    ['a set', new Set(['k', 1]), '{"$set":["k",1]}'],
    ['a bigint', -12n, '{"$bigint":"-12"}'],
    ['NaN', NaN, '{"$number":"NaN"}'],
    ['infinity', Infinity, '{"$number":"Infinity"}'],
    ['negative infinity', -Infinity, '{"$number":"-Infinity"}'],
    ['negative zero', -0, '{"$number":"-0"}'],
    ['undefined', undefined, '{"$undefined":true}'],
  ])('tags %s, in a field and in an array', (_, value, tag) => {
    expect(encode({ value })).toBe(`{"value":${tag}}`);
    expect(encode({ list: [value] })).toBe(`{"list":[${tag}]}`);
    expect(copy({ value, list: [value] })).toStrictEqual({ value, list: [value] });
  });

  it('tags an invalid date', () => {
    const { at } = copy({ at: new Date(NaN) });

    expect(encode({ at })).toBe('{"at":{"$date":null}}');
    expect(at instanceof Date && at.getTime()).toBeNaN();
  });

  it('carries maps and sets of anything, in their order', () => {
    const key = { at: new Date(0) };
    const state = {
      map: new Map<unknown, unknown>([
        [key, new Set([[1n]])],
        [undefined, -0],
      ]),
    };

    const { map } = copy(state);

    expect(map instanceof Map && [...map]).toStrictEqual([...state.map]);
  });

  it('carries what looks like a tag', () => {
    const state = {
      a: { $date: 0 },
      b: { $$date: 0 },
      c: { $: {} },
      d: { $unknown: { $map: [] } },
      e: { $date: 0, more: 1 },
      f: '{"$date":0}',
    };

    expect(copy(state)).toStrictEqual(state);
    expect(copy({ $set: [] })).toStrictEqual({ $set: [] });
  });

  it.each(['\ud800', 'a\udfff', '\u2028', '\0', '\ud83d\ude00'])(
    'carries the string %j',
    (text) => {
      expect(copy({ [text]: text, at: new Date(0) })).toStrictEqual({
        [text]: text,
        at: new Date(0),
      });
      expect(copy({ [text]: text })).toStrictEqual({ [text]: text });
    },
  );

  it('makes an object without a prototype a plain one', () => {
    const bare: State = Object.assign(Object.create(null), { a: 1 });

    expect(copy({ bare })).toStrictEqual({ bare: { a: 1 } });
    expect(copy(bare)).toStrictEqual({ a: 1 });
  });

  it('takes an object literal of another realm for what it is', () => {
    const state = structuredClone({ a: [{}], at: new Date(0), map: new Map(), set: new Set() });

    expect(encode(state)).toBe('{"a":[{}],"at":{"$date":0},"map":{"$map":[]},"set":{"$set":[]}}');
  });

  it('writes an object that is referred to twice two times', () => {
    const shared = { n: 1 };

    const { a, b } = copy({ a: shared, b: shared });

    expect([a, b]).toStrictEqual([shared, shared]);
    expect(a).not.toBe(b);
  });

  it('stores a getter as its value', () => {
    const state = {
      get n() {
        return 1;
      },
    };

    expect(encode(state)).toBe('{"n":1}');
  });

  it('writes through a proxy', () => {
    expect(encode({ a: new Proxy({ n: 1 }, {}), b: new Proxy([1], {}) })).toBe(
      '{"a":{"n":1},"b":[1]}',
    );
  });

  it('leaves the state as it was', () => {
    const state = Object.freeze({
      a: Object.freeze({ $a: Object.freeze([undefined, new Date(0)]) }),
    });

    expect(() => encode(state)).not.toThrow();
  });

  describe('refuses', () => {
    class Money {
      amount = 1;
    }
    class Bare extends null {}
    class Items extends Array<number> {}

    it.each([
      ['a function', () => 1],
      ['a symbol', Symbol('s')],
      ['an instance of a class', new Money()],
      ['an instance of a subclass', new (class extends Money {})()],
      ['an instance of a class without a base', Object.create(Bare.prototype)],
      ['an object with another prototype', Object.create({ a: 1 })],
      ['a subclass of an array', Items.of(1)],
      ['a subclass of a date', new (class extends Date {})(0)],
      ['a subclass of a map', new (class extends Map {})()],
      ['a URL', new URL('http://example.com')],
      ['a buffer', Buffer.from('a')],
      ['a typed array', new Uint8Array(1)],
      ['an array buffer', new ArrayBuffer(1)],
      ['a promise', Promise.resolve()],
      ['a weak map', new WeakMap()],
      ['an error', new Error('e')],
      ['a regular expression', /a/],
      ['a boxed number', Object(1)],
      ['an object with toJSON', { toJSON: () => 1 }],
      ['an object with a hidden toJSON', Object.defineProperty({}, 'toJSON', { value: () => 1 })],
      ['an array with toJSON', Object.assign([1], { toJSON: () => 1 })],
      ['a proxy of a map', new Proxy(new Map(), {})],
      ['a hidden prototype', new Proxy({}, { getPrototypeOf: () => Money.prototype })],
      ['an object with a symbol key', { [Symbol('k')]: 1 }],
    ])('%s, and says where it is', (_, value) => {
      expect(refusedPath({ value })).toMatch(/^cart\.value(\.toJSON)?$/);
      expect(refusedPath({ items: [1, 2, { price: value }] })).toMatch(/^cart\.items\[2\]\.price/);
    });

    it('a symbol key of the state itself', () => {
      expect(refusedPath({ [Symbol('k')]: 1 })).toBe('cart');
    });

    it.each([
      [{ 'unit price': Symbol('s') }, 'cart["unit price"]'],
      [{ a: new Map([['k', Symbol('s')]]) }, 'cart.a.values()[0]'],
      [{ a: new Map([[Symbol('s'), 1]]) }, 'cart.a.keys()[0]'],
      [{ a: new Set([1, Symbol('s')]) }, 'cart.a.values()[1]'],
      [{ a: [[Symbol('s')]] }, 'cart.a[0][0]'],
      [{ $a: Symbol('s') }, 'cart.$a'],
      [{ b: [new Date(0)], a: Symbol('s') }, 'cart.a'],
    ])('with a path that one can follow: %#', (state, path) => {
      expect(refusedPath(state)).toBe(path);
    });

    it('a hole in an array', () => {
      const sparse = Object.assign([1], { 2: 3 });
      const huge = Object.assign([], { length: 2 ** 31 });

      expect(refusedPath({ sparse })).toBe('cart.sparse[1]');
      expect(refusedPath({ huge })).toBe('cart.huge[0]');
    });

    it('a state that is no plain object', () => {
      const call = (state: unknown): unknown =>
        Reflect.apply(encodeState, undefined, [state, LIMIT]);

      expect(() => call(new Money())).toThrow(SessionStateError);
      expect(() => call([])).toThrow(SessionStateError);
      expect(() => call(new Date())).toThrow(SessionStateError);
    });

    it('a cycle, whatever it runs through', () => {
      const state: State = { filler: 'x'.repeat(1000), list: [1] };
      const map = new Map<string, unknown>([['state', state]]);

      expect(refusedPath({ a: Object.assign(state, { list: [1, state] }) })).toBe('cart.a.list[1]');
      expect(refusedPath({ a: Object.assign(state, { list: map }) })).toBe(
        'cart.a.list.values()[0]',
      );
      expect(refusedPath(Object.assign(state, { list: state }))).toBe('cart.list');
    });

    it('a getter or a proxy that throws, and keeps the cause', () => {
      const cause = new Error('no');
      const fail = (): never => {
        throw cause;
      };
      const getter = Object.defineProperty({}, 'price', { get: fail, enumerable: true });

      expect(refusal({ items: [getter] })).toMatchObject({ path: 'cart.items[0].price', cause });
      expect(refusal({ p: new Proxy({}, { ownKeys: fail }) })).toMatchObject({
        path: 'cart.p',
        cause,
      });
      expect(refusal({ p: new Proxy([1], { get: fail }) })).toMatchObject({
        path: 'cart.p',
        cause,
      });
    });

    it('a revoked proxy', () => {
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();

      expect(refusedPath({ proxy })).toBe('cart.proxy');
    });

    it.each([99, 100, 101])('nesting of more than 100 levels: %i', (levels) => {
      const isRefused = levels > 100;

      expect(refusal(nested(levels)) instanceof SessionStateError).toBe(isRefused);
      expect(refusal({ ...nested(levels), at: new Date(0) }) instanceof SessionStateError).toBe(
        isRefused,
      );
    });

    it('the nesting of arrays, too', () => {
      const deep = Array.from({ length: 100_000 }).reduce<unknown>((inner) => [inner], 1);

      expect(refusal({ deep })).toBeInstanceOf(SessionStateError);
    });
  });

  describe('limits the size', () => {
    it.each([
      ['ASCII', { a: 'x'.repeat(100) }],
      ['two bytes a character', { a: 'é'.repeat(100) }],
      ['three bytes a character', { a: '€'.repeat(100) }],
      ['surrogate pairs', { a: '😀'.repeat(100) }],
      ['escapes', { a: '\n"\ud800'.repeat(100) }],
      ['digits', { a: Array.from({ length: 100 }, () => 1) }],
      ['booleans', { a: [true, false, null] }],
      ['empty containers', { a: [[], {}, [[]]] }],
      ['tags', { a: [new Date(0), -0, undefined, 10n ** 99n], m: new Map([[1, new Set([1])]]) }],
      ['keys like tags', { $a: 1, $b: [1, { $c: 'x', $d: 1 }] }],
      ['the empty state', {}],
    ])('to exactly maxBytes: %s', (_, state) => {
      const bytes = Buffer.byteLength(encode(state));

      expect(refusal(state, bytes - 1)).toBeInstanceOf(SessionTooLargeError);
      expect(refusal(state, bytes)).toBe(encode(state));
      expect(refusal(state, bytes + 1)).toBe(encode(state));
    });

    it('and says whose, and how much is allowed', () => {
      expect(refusal({ a: 'x'.repeat(20_000) })).toMatchObject({ subject: 'cart', limit: 16_384 });
    });

    it.each<[string, (end: object) => unknown]>([
      ['an array', (end) => [...many(1.5), end]],
      ['an array with a tag in front', (end) => [undefined, ...many(1), end]],
      ['an array of objects', (end) => [...many({ a: {} }), end]],
      ['a map', (end) => new Map<unknown, number>([...many(1).entries(), [end, 1]])],
      ['a set', (end) => new Set<unknown>([...many(1).keys(), end])],
      ['an object with long keys', (end) => ({ at: -0, ['k'.repeat(20_000)]: 1, end })],
    ])('without walking %s to its end', (_, make) => {
      const end = Proxy.revocable({}, {});
      end.revoke();

      expect(refusal({ huge: make(end.proxy) })).toBeInstanceOf(SessionTooLargeError);
    });

    it('without writing a huge string or bigint', () => {
      const startedAt = performance.now();

      expect(refusal({ a: 'x'.repeat(2 ** 28) })).toBeInstanceOf(SessionTooLargeError);
      expect(refusal({ a: 1n << 20_000_000n })).toBeInstanceOf(SessionTooLargeError);
      expect(refusal({ a: -(1n << 20_000_000n) })).toBeInstanceOf(SessionTooLargeError);
      expect(performance.now() - startedAt).toBeLessThan(1000);
    });
  });
});

describe('decodeState', () => {
  it.each([
    '',
    '{',
    '{"a":',
    'undefined',
    'null',
    '1',
    '"a"',
    '[]',
    '{"a":1}x',
    '{"$map":[]}',
    '{"$undefined":true}',
    '{"a":{"$unknown":1}}',
    '{"a":{"$":1}}',
    '{"a":[{ "$Date" : 0}]}',
    '{"a":{"$date":"0"}}',
    '{"a":{"$date":1.5}}',
    '{"a":{"$date":9e15}}',
    '{"a":{"$date":{}}}',
    '{"a":{"$map":{}}}',
    '{"a":{"$map":[1]}}',
    '{"a":{"$map":[[1]]}}',
    '{"a":{"$map":[[1,2,3]]}}',
    '{"a":{"$map":[[1,2],[1,3]]}}',
    '{"a":{"$set":1}}',
    '{"a":{"$set":[1,1]}}',
    '{"a":{"$bigint":1}}',
    '{"a":{"$bigint":""}}',
    '{"a":{"$bigint":"-0"}}',
    '{"a":{"$bigint":"0x1"}}',
    '{"a":{"$number":"1"}}',
    '{"a":{"$number":0}}',
    '{"a":{"$undefined":false}}',
  ])('refuses %s and keeps the cause', (text) => {
    const decode = (): State => decodeState(text, 'cart');

    expect(decode).toThrow(SessionStateError);
    expect(decode).toThrow(expect.objectContaining({ path: 'cart', cause: expect.any(Error) }));
  });

  it('refuses every truncation of a text', () => {
    const text = encode({ a: [{ $b: new Map([['c', new Date(0)]]) }], d: 'e', f: -0 });

    for (let length = 0; length < text.length; length++) {
      expect(() => decodeState(text.slice(0, length))).toThrow(SessionStateError);
    }
  });

  it('refuses nesting that would exhaust the stack', () => {
    const text = `{"a":${'['.repeat(200_000)}"$"${']'.repeat(200_000)}}`;

    expect(() => decodeState(text)).toThrow(SessionStateError);
  });

  it.each([
    '{"__proto__":{"polluted":1}}',
    '{"__proto__":{"polluted":1},"a":{"$undefined":true}}',
    '{"__proto__":{"$set":[{"__proto__":{"polluted":1}}]}}',
  ])('brings back a key __proto__ as an own property: %s', (text) => {
    const state = decodeState(text);

    expect(Object.hasOwn(state, '__proto__')).toBe(true);
    expect(Object.getPrototypeOf(state)).toBe(Object.prototype);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(encode(state)).toBe(text);
  });

  it('brings back a lone nested key __proto__ and its escaped relatives', () => {
    const text = '{"a":{"__proto__":{"$date":0}},"b":{"$$__proto__":1}}';

    const { a, b } = decodeState(text);

    expect(Object.entries(a ?? {})).toStrictEqual([['__proto__', new Date(0)]]);
    expect(b).toStrictEqual({ $__proto__: 1 });
  });
});

describe('the state codec', () => {
  const name = fc.oneof(
    fc.string(),
    fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
    fc.constantFrom('__proto__', 'constructor', 'toJSON', '$', '$$', '$date', '$$set', '$map', '0'),
  );
  const leaf = fc.oneof(
    name,
    fc.double(),
    fc.integer(),
    fc.bigInt(),
    fc.date({ noInvalidDate: true }),
    fc.constantFrom<unknown>(null, undefined, true, false, NaN, -0, Infinity, -Infinity),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, leaf, tie('list'), tie('record'), tie('map'), tie('set')),
    list: fc.array(tie('value'), { maxLength: 3 }),
    record: fc.dictionary(name, tie('value'), { maxKeys: 3, noNullPrototype: true }),
    map: tie('list').map(
      (list) => new Map([list].flat().map((key, index, all) => [key, all.at(-index)])),
    ),
    set: tie('list').map((items) => new Set([items].flat())),
  }));
  const state = fc.dictionary(name, value, { maxKeys: 5, noNullPrototype: true });

  it('brings back every state as it was', () => {
    const property = fc.property(state, (before) => {
      expect(isDeepStrictEqual(decodeState(encode(before, 1e9)), before)).toBe(true);
    });

    fc.assert(property, { numRuns: 1000 });
  });

  it('writes equal states as equal texts', () => {
    const property = fc.property(state, (before) => {
      const text = encode(before, 1e9);

      expect(encode(decodeState(text), 1e9)).toBe(text);
    });

    fc.assert(property, { numRuns: 500 });
  });

  it('never counts a byte too many, nor lets one pass', () => {
    const property = fc.property(state, (before) => {
      const text = encode(before, 1e9);
      const bytes = Buffer.byteLength(text);

      expect(refusal(before, bytes)).toBe(text);
      expect(refusal(before, bytes - 1)).toBeInstanceOf(SessionTooLargeError);
    });

    fc.assert(property, { numRuns: 500 });
  });
});
