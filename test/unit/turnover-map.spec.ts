import { TurnoverMap } from '../../lib/store/turnover-map.js';

/** A map that one entry stays in while so many others come and go. */
function setup({ others }: { others: number }) {
  const map = new TurnoverMap<number>();
  map.set('stays', 1);
  for (let index = 0; index < others; index++) {
    map.set(`goes-${index}`, index);
    map.delete(`goes-${index}`);
  }
  return map;
}

describe('A map with much turnover', () => {
  it.each([0, 255, 256, 257, 10_000])('keeps what stays while %d others go', (others) => {
    const map = setup({ others });

    expect([map.get('stays'), map.has('stays')]).toEqual([1, true]);
  });

  it.each([1, 255, 256, 257, 10_000])('has none of %d that went', (others) => {
    const map = setup({ others });

    const names = Array.from({ length: others }, (_, index) => `goes-${index}`);

    expect(names.filter((name) => map.has(name) || map.get(name) !== undefined)).toEqual([]);
  });

  it('takes the last value of a key', () => {
    const map = setup({ others: 0 });

    map.set('stays', 2);

    expect(map.get('stays')).toBe(2);
  });
});
