import { conclusion, ratios, summary, verdict } from '../../bench/support/statistics.mjs';

describe('summary', () => {
  it('takes the one in the middle of an odd number, in whatever order they come', () => {
    expect(summary([10, 9, 2])).toEqual({ median: 9, min: 2, max: 10 });
  });

  it('takes the mean of the two in the middle of an even number', () => {
    expect(summary([4, 1, 3, 100])).toEqual({ median: 3.5, min: 1, max: 100 });
  });
});

describe('ratios', () => {
  it('compares neighbours, not totals', () => {
    expect(ratios([1, 20], [2, 40])).toEqual({ median: 0.5, min: 0.5, max: 0.5 });
  });
});

describe('verdict', () => {
  it.each([
    ['less', { median: 0.9, min: 0.86, max: 0.95 }],
    ['more', { median: 1.5, min: 1.3, max: 1.7 }],
  ])('says %s where the spread is smaller than the difference', (said, found) => {
    expect(verdict(found)).toBe(said);
  });

  it.each([
    ['as wide as the difference', { median: 0.75, min: 0.625, max: 0.875 }],
    ['wider than the difference', { median: 0.75, min: 0.5, max: 0.875 }],
  ])('says nothing where the spread is %s', (_, found) => {
    expect(verdict(found)).toBe('nothing');
  });

  it.each([
    ['less than two equal sides', 0.75, 'nothing'],
    ['as much as two equal sides', 0.875, 'nothing'],
    ['more than two equal sides', 0.9375, 'less'],
  ])('judges a difference of %s', (_, equal, said) => {
    const itself = { median: equal, min: equal, max: equal };

    expect(verdict({ median: 0.875, min: 0.85, max: 0.9 }, itself)).toBe(said);
  });
});

describe('conclusion', () => {
  const slower = { median: 0.5, min: 0.45, max: 0.55 };
  const faster = { median: 2, min: 1.9, max: 2.1 };
  const unclear = { median: 1, min: 0.9, max: 1.1 };

  it.each([
    ['slower', slower, slower],
    ['faster', faster, faster],
    ['faster by requests/s', faster, unclear],
    ['slower by CPU time', unclear, slower],
    ['none', unclear, unclear],
    ['none: they disagree', faster, slower],
  ])('is: %s', (said, perSecond, perCpu) => {
    expect(conclusion({ perSecond, perCpu })).toBe(said);
  });
});
