import { parseFlags } from '../../bench/flags.mjs';

const PARTS = ['http', 'process'];

describe('the flags of the benchmarks', () => {
  it('mean all parts in full, where there are none', () => {
    expect(parseFlags(PARTS, [])).toEqual({ isQuick: false, parts: PARTS });
  });

  it('choose parts, turns and a file', () => {
    const args = ['--quick', '--part', 'process', '--pairs', '7', '--json', 'results.json'];

    expect(parseFlags(PARTS, args)).toEqual({
      isQuick: true,
      parts: ['process'],
      pairs: 7,
      json: 'results.json',
    });
  });

  it.each([
    ['an unknown part', ['--part', 'https']],
    ['an unknown option', ['--fast']],
    ['too few pairs', ['--pairs', '2']],
    ['half a pair', ['--pairs', '3.5']],
    ['words', ['more']],
  ])('say what there is when given %s', (_, args) => {
    expect(() => parseFlags(PARTS, args)).toThrow(/--part NAME .*: http, process/);
  });
});
