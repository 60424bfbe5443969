import { fileURLToPath } from 'node:url';
import { run } from './child.mjs';
import { summary } from './statistics.mjs';

const FIXED_WORK = fileURLToPath(new URL('fixed-work.mjs', import.meta.url));

/**
 * How noisy the core that is measured on is just now: how long the same work took, again and again, by
 * the clock and in CPU time, as a share of the fastest.
 */
export async function measureNoise() {
  const times = await run(FIXED_WORK, { core: 'measured' });
  const spread = (values) => {
    const { median, min, max } = summary(values);
    return { median: median / min, max: max / min };
  };
  return {
    clock: spread(times.map(({ clock }) => clock)),
    cpu: spread(times.map(({ cpu }) => cpu)),
  };
}

export function printNoise(when, { clock, cpu }) {
  const show = ({ median, max }) => `${median.toFixed(2)}×, at worst ${max.toFixed(2)}×`;
  console.log(
    `Noise ${when}: the same work took ${show(clock)} its shortest time; in CPU time ${show(cpu)}.\n`,
  );
}
