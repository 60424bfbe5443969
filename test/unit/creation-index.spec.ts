import fc from 'fast-check';
import { type SessionRecord } from 'nestjs-live-session';
import { CreationIndex } from '../../lib/store/creation-index.js';
import { survivors } from '../support/garbage.js';
import { makeRecord } from '../support/record.js';

/** More than fit on two pages. */
const MANY = 20_000;

const idOf = (number: number): string => String(number).padStart(6, '0');

function setup(...numbers: number[]) {
  const index = new CreationIndex();
  const add = (number: number): SessionRecord => {
    const record = makeRecord({ id: idOf(number) });
    index.add(record);
    return record;
  };
  const records = numbers.map(add);
  const after = (number: number): number[] =>
    [...index.after(idOf(number))].map(({ id }) => Number(id));
  const end = (number: number): void => {
    const record = index.get(idOf(number));
    if (record === undefined) return;
    record.ended = 'idle';
    index.drop(record);
  };
  return { index, add, after, end, records };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, number) => number + 1);

/** Each number once, in an order that is none. */
const shuffled = (count: number): number[] => upTo(count).map((n) => (n * 7919) % (count + 1));

describe('CreationIndex', () => {
  it('finds what was added, on whatever page it is', () => {
    const { index, records } = setup(...upTo(MANY));

    expect(records.filter(({ id }, i) => index.get(id) !== records[i])).toEqual([]);
    expect([index.size, index.get('x'), index.get('')]).toEqual([MANY, undefined, undefined]);
  });

  it.each([
    ['in order', upTo(MANY)],
    ['in no order', shuffled(MANY)],
  ])('goes through all of them by creation, where they came %s', (_how, numbers) => {
    expect(setup(...numbers).after(0)).toEqual(upTo(MANY));
  });

  it.each([0, 1, 8191, 8192, 8193, MANY - 1, MANY])('goes on after %d', (number) => {
    const { after } = setup(...upTo(MANY));

    expect(after(number)).toEqual(upTo(MANY).slice(number));
  });

  it('goes on after one that is gone', () => {
    const { end, after } = setup(1, 2, 3);
    end(2);

    expect(after(2)).toEqual([3]);
  });

  it('calls for each, once', () => {
    const { index } = setup(...upTo(MANY));
    const seen = new Set<string>();
    let calls = 0;

    index.forEach(({ id }) => {
      seen.add(id);
      calls++;
    });

    expect([seen.size, calls]).toEqual([MANY, MANY]);
  });

  it('does not find or show what has ended', () => {
    const { index, end, after } = setup(1, 2, 3, 4);
    const seen: string[] = [];

    end(2);
    index.forEach(({ id }) => seen.push(id));

    expect([index.size, index.get(idOf(2)), after(0), seen]).toEqual([
      3,
      undefined,
      [1, 3, 4],
      [1, 3, 4].map(idOf),
    ]);
  });

  it('does not show what ends while it is read', () => {
    const { index, end } = setup(1, 2, 3);
    const seen: number[] = [];

    for (const { id } of index.after('')) {
      seen.push(Number(id));
      end(2);
    }

    expect(seen).toEqual([1, 3]);
  });

  it('shows what is added behind what was seen while it is read', () => {
    const { index, add } = setup(1, 2);
    const seen: number[] = [];

    for (const { id } of index.after('')) {
      seen.push(Number(id));
      if (seen.length === 1) add(3);
    }

    expect(seen).toEqual([1, 2, 3]);
  });

  it('lets go of the ended before they outnumber the living', async () => {
    const { add, end, index } = setup();
    const refs = upTo(1000).map((number) => {
      const ref = new WeakRef(add(number));
      if (number > 100) end(number - 100);
      return ref;
    });

    expect(await survivors(refs)).toBeLessThanOrEqual(200);
    expect(index.size).toBe(100);
  });

  it('takes new ones where all have gone', () => {
    const { index, add, end, after } = setup(...upTo(MANY));
    for (const number of upTo(MANY)) end(number);

    add(5);
    add(3);

    expect([index.size, after(0)]).toEqual([2, [3, 5]]);
  });

  it('holds nothing once it is cleared', () => {
    const { index, after } = setup(...upTo(MANY));

    index.clear();

    expect([index.size, after(0)]).toEqual([0, []]);
  });

  it('goes through what is left, where what was seen ends meanwhile', () => {
    const { index, end } = setup(...upTo(MANY));
    const seen: number[] = [];

    for (const { id } of index.after('')) {
      seen.push(Number(id));
      end(Number(id));
    }

    expect([seen, index.size]).toEqual([upTo(MANY), 0]);
  });

  it('shows none twice, where others go through it and one comes in before it meanwhile', () => {
    const { add, index, after } = setup(2, 4, 6);
    const seen: string[] = [];

    for (const { id } of index.after('')) {
      seen.push(id);
      if (seen.length === 1) add(1);
      after(0);
    }

    expect(seen).toEqual([2, 4, 6].map(idOf));
  });

  it('does as a sorted list does, whatever is done with it', () => {
    const step = fc.record({ isGone: fc.boolean(), number: fc.nat(30) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const { index, add, end, after } = setup();
        const naive = new Set<number>();
        const seen: number[][] = [];
        const expected: number[][] = [];
        for (const { isGone, number } of steps) {
          if (isGone) end(number);
          else if (!naive.has(number)) add(number);
          if (isGone) naive.delete(number);
          else naive.add(number);
          const sorted = [...naive].sort((a, b) => a - b);
          seen.push(after(number));
          expected.push(sorted.filter((other) => other > number));
        }
        expect([index.size, seen]).toEqual([naive.size, expected]);
      }),
    );
  });
});
