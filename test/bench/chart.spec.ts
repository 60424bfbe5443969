import { draw } from '../../bench/page/chart.mjs';

const bar = { label: 'a & b', isOurs: true, median: 0.5, min: 0.4, max: 0.6, text: '0.50' };
const chart = { title: 'Requests', subtitle: 'More is better', groups: [] };

describe('a chart of the benchmarks', () => {
  it.each(['light', 'dark'] as const)('tells a screen reader all figures, when %s', (theme) => {
    const svg = draw({ ...chart, groups: [{ title: 'State read', bars: [bar] }] }, theme);

    expect(svg).toContain('<desc id="desc">More is better. State read: a &amp; b 0.50.</desc>');
  });

  it('draws a bar half as long as the line where it is half of it', () => {
    const line = { at: 1, label: 'bare' };
    const svg = draw({ ...chart, groups: [{ title: 'State read', bars: [bar] }], line }, 'light');

    const [, x, width] = /<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/.exec(svg) ?? [];
    const [, lineX] = /<path d="M([\d.]+) [^>]*dasharray/.exec(svg) ?? [];
    expect(Number(width) / (Number(lineX) - Number(x))).toBeCloseTo(0.5, 2);
  });
});
