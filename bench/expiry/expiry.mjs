import { fileURLToPath } from 'node:url';
import { run } from '../support/child.mjs';
import { printTable, progress } from '../support/table.mjs';

const MEASURE = fileURLToPath(new URL('measure.mjs', import.meta.url));

/** What happens when very many sessions are due at the same instant. */
export async function measureExpiry({ isQuick }) {
  const count = isQuick ? 100_000 : 1_000_000;
  const results = [];
  for (const name of ['ours', 'express-session', 'memorystore']) {
    progress(`expiry: ${name} with ${count} sessions`);
    const options = { args: [name, String(count)], nodeArgs: ['--expose-gc'], core: 'measured' };
    results.push({ name, count, ...(await run(MEASURE, options)) });
  }
  progress('');
  return results;
}

export function printExpiry(results) {
  const [{ count }] = results;
  const [ours] = results;
  const times = (value, own) => `${value.toFixed(0)} (${(value / own).toFixed(1)}×)`;
  console.log(`expiry, ${count.toLocaleString('en')} sessions due at once`);
  printTable(
    ['milliseconds, times ours', 'all ended after', 'of CPU', 'longest pause', 'of CPU'],
    results.map(({ name, total, longest }) => [
      name,
      times(total.clock, ours.total.clock),
      times(total.cpu, ours.total.cpu),
      times(longest.clock, ours.longest.clock),
      times(longest.cpu, ours.longest.cpu),
    ]),
  );
}
