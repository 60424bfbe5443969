import { judge } from '../../bench/page/judge.mjs';
import { targetsTable } from '../../bench/page/targets.mjs';

describe('a target of the benchmarks', () => {
  it.each([
    ['at least', true, 0.92],
    ['at most', false, 0.92],
  ])('is met by exactly what was asked, where it is %s that', (_, isLeast, measured) => {
    expect(judge({ isLeast, points: [{ asked: 0.92, measured }] })).toBe('met');
  });

  it.each([
    ['at least', true, 0.91],
    ['at most', false, 0.93],
  ])('is not met by a little less than asked, where it is %s that', (_, isLeast, measured) => {
    expect(judge({ isLeast, points: [{ asked: 0.92, measured }] })).toBe('not met');
  });

  it('is not met where one number of sessions does not meet it', () => {
    const points = [
      { asked: 40, measured: 30 },
      { asked: 40, measured: 41 },
    ];

    expect(judge({ isLeast: false, points })).toBe('not met');
  });

  it('could be met where the floor meets it', () => {
    const points = [{ asked: 40, measured: 60, floor: 40, times: 1.5 }];

    expect(judge({ isLeast: false, points })).toBe('not met; the floor would');
  });

  it('could be met in part where the floor meets it with some numbers of sessions', () => {
    const points = [
      { asked: 40, measured: 60, floor: 40, times: 1.5 },
      { asked: 40, measured: 60, floor: 41, times: 1.5 },
    ];

    expect(judge({ isLeast: false, points })).toBe('not met; the floor would in part');
  });

  it.each([
    ['as near as', 1.2, 'within'],
    ['further than', 1.21, 'beyond'],
  ])('is out of reach where the floor misses it, and ours is %s asked then', (_, times, said) => {
    const points = [{ asked: 40, measured: 60, floor: 50, times }];

    expect(judge({ isLeast: false, points })).toBe(
      `not met, nor by the floor; ${said} 1.2 × of that`,
    );
  });
});

describe('the targets of the benchmarks', () => {
  const row = (left: string, right: string, median: number) => ({
    framework: 'fastify',
    work: 'read',
    left,
    right,
    perSecond: { median, min: median, max: median },
  });

  it('stand beside what was measured, and beside the floor', () => {
    const rows = [row('ours', 'bare', 0.8), row('floor', 'bare', 0.9), row('ours', 'floor', 0.875)];

    expect(targetsTable({ parts: { http: { rows } } })).toContain(
      '| Fastify, memory, state read, to bare | ≥ 0.92 | 0.800 | 0.900 | 1.14 |',
    );
  });

  it('take the floor to be as far ahead of a peer as it is of ours, and ours of the peer', () => {
    const rows = [row('ours', '@fastify/session', 2), row('ours', 'floor', 0.8)];

    expect(targetsTable({ parts: { http: { rows } } })).toContain(
      '| ≥ 2.8 | 2.00 | 2.50 | 1.25 | not met, nor by the floor; beyond 1.2 × of that |',
    );
  });

  it('do without a floor where a report has none', () => {
    const parts = { http: { rows: [row('ours', 'bare', 0.95)] } };

    expect(targetsTable({ parts })).toContain('| ≥ 0.92 | 0.950 | – | – | met |');
  });

  it('are not there where nothing was measured', () => {
    expect(targetsTable({ parts: {} })).toBe('');
  });
});
