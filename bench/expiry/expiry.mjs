import { fileURLToPath } from 'node:url';
import { besideOurs, showBesideOurs } from '../support/beside-ours.mjs';
import { run } from '../support/child.mjs';
import { LIBRARIES } from '../support/libraries.mjs';
import { measureInRounds } from '../support/rounds.mjs';
import { printLeftOut, printTable } from '../support/table.mjs';

const MEASURE = fileURLToPath(new URL('measure.mjs', import.meta.url));

const COUNT = 1_000_000;
const QUICK_COUNT = 30_000;

/** What happens when very many sessions are due at the same instant. */
export async function measureExpiry({ isQuick, pairs = isQuick ? 3 : 5 }) {
  const count = isQuick ? QUICK_COUNT : COUNT;
  const subjects = LIBRARIES.map(({ name, needs }) => {
    const options = { args: [name, String(count)], nodeArgs: ['--expose-gc'], core: 'measured' };
    return { name, needs, measure: () => run(MEASURE, options) };
  });
  const { rows, leftOut } = await measureInRounds('expiry', subjects, pairs);
  if (isQuick) {
    leftOut.push({ what: `${COUNT.toLocaleString('en')} sessions`, why: 'not in a quick run' });
  }
  return { count, rows, leftOut };
}

/** What is measured, in milliseconds. */
export const EXPIRY_FIGURES = {
  'all ended after': ({ total }) => total.clock,
  'all ended after, CPU': ({ total }) => total.cpu,
  'longest pause': ({ longest }) => longest.clock,
  'longest pause, CPU': ({ longest }) => longest.cpu,
};

export function printExpiry({ count, rows, leftOut }) {
  const ours = rows.find(({ name }) => name === 'ours');
  console.log(`expiry, ${count.toLocaleString('en')} sessions due at once`);
  printTable(
    ['milliseconds; times ours (? says nothing)', ...Object.keys(EXPIRY_FIGURES)],
    rows.map((row) => [
      row.name,
      ...Object.values(EXPIRY_FIGURES).map((read) => showBesideOurs(besideOurs(row, ours, read))),
    ]),
  );
  printLeftOut('expiry', leftOut);
}
