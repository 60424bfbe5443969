import { mergeStates } from '../../lib/components/three-way-merge.js';

const merged = (base: object, mine: object, saved: object) => mergeStates(base, mine, saved);

describe('mergeStates()', () => {
  it.each([
    ['only mine', { name: 'Ann' }, { name: 'Ben' }, { name: 'Ann' }, { name: 'Ben' }],
    ['only what was saved', { name: 'Ann' }, { name: 'Ann' }, { name: 'Ben' }, { name: 'Ben' }],
    [
      'one field each',
      { name: 'Ann', city: '' },
      { name: 'Ben', city: '' },
      { name: 'Ann', city: 'Rome' },
      { name: 'Ben', city: 'Rome' },
    ],
    [
      'one key each, at depth',
      { a: { b: { c: 1, d: 1 } } },
      { a: { b: { c: 2, d: 1 } } },
      { a: { b: { c: 1, d: 2 } } },
      { a: { b: { c: 2, d: 2 } } },
    ],
    ['a new key each', { x: {} }, { x: { a: 1 } }, { x: { b: 2 } }, { x: { a: 1, b: 2 } }],
    ['one removed, one added', { x: { a: 1 } }, { x: {} }, { x: { a: 1, b: 2 } }, { x: { b: 2 } }],
    [
      'both removed the same',
      { x: { a: 1, b: 1 } },
      { x: { b: 2 } },
      { x: { b: 1 } },
      { x: { b: 2 } },
    ],
  ])('takes what was changed: %s', (_, base, mine, saved, expected) => {
    expect(merged(base, mine, saved)).toEqual(expected);
  });

  it.each([
    ['both appended', ['a'], ['a', 'mine'], ['a', 'saved'], ['a', 'saved', 'mine']],
    ['both appended the same', ['a'], ['a', 'b'], ['a', 'b'], ['a', 'b', 'b']],
    ['both began', [], ['mine'], ['saved'], ['saved', 'mine']],
    ['one appended, one removed', ['a', 'b'], ['a', 'b', 'c'], ['b'], ['b', 'c']],
    ['one item each', ['a', 'b'], ['x', 'b'], ['a', 'y'], ['x', 'y']],
    ['one removed', ['a', 'b'], ['b'], ['a', 'b'], ['b']],
  ])('keeps every item of an array: %s', (_, base, mine, saved, expected) => {
    expect(merged({ items: base }, { items: mine }, { items: saved })).toEqual({ items: expected });
  });

  it('merges maps key by key', () => {
    const map = (...entries: [string, string][]) => ({ map: new Map(entries) });

    const result = merged(map(['a', '1']), map(['a', '2']), map(['a', '1'], ['b', '1']));

    expect(result).toEqual(map(['a', '2'], ['b', '1']));
  });

  it('adds to a set and removes from it what either side did', () => {
    const set = (...items: string[]) => ({ set: new Set(items) });

    expect(merged(set('a', 'b'), set('a', 'mine'), set('b', 'saved'))).toEqual(
      set('saved', 'mine'),
    );
  });

  it.each([['text'], [true], [null], [new Date(7)]])('agrees where both set %p', (value) => {
    expect(merged({ x: undefined }, { x: value }, { x: value })).toEqual({ x: value });
  });

  it.each([
    ['different texts', 'a', 'b', 'c'],
    ['different dates', new Date(1), new Date(2), new Date(3)],
    ['the same number, which may be a count', 1, 2, 2],
    ['the same bigint', 1n, 2n, 2n],
    ['different kinds', 'a', ['b'], { c: 1 }],
    ['one removed what the other changed', { a: 1 }, {}, { a: 2 }],
    ['both added the same key', {}, { a: 1 }, { a: 2 }],
    ['both removed from an array', ['a', 'b', 'c'], ['a'], ['b']],
  ])('is a conflict: %s', (_, base, mine, saved) => {
    expect(merged({ x: base }, { x: mine }, { x: saved })).toBeUndefined();
  });

  it('takes a key named __proto__ as any other', () => {
    const state = (text: string): object => JSON.parse(text);

    const result = merged(
      state('{"x":{}}'),
      state('{"x":{"__proto__":1}}'),
      state('{"x":{"a":1}}'),
    );

    expect(JSON.stringify(result)).toBe('{"x":{"a":1,"__proto__":1}}');
    expect(({} as { a?: unknown }).a).toBeUndefined();
  });
});
