import { fileURLToPath } from 'node:url';
import { besideOurs, showBesideOurs } from '../support/beside-ours.mjs';
import { run } from '../support/child.mjs';
import { LIBRARIES } from '../support/libraries.mjs';
import { measureInRounds } from '../support/rounds.mjs';
import { printLeftOut, printTable } from '../support/table.mjs';
import { twisted } from './twisted.mjs';

const MEASURE = fileURLToPath(new URL('measure.mjs', import.meta.url));

const COUNTS = [1000, 100_000, 1_000_000];
const QUICK_COUNTS = [10_000];

/** What an operation costs in the process, without HTTP, with so many sessions alive. */
export async function measureProcess({ isQuick, pairs = isQuick ? 3 : 5 }) {
  const rows = [];
  const leftOut = new Map();
  for (const count of isQuick ? QUICK_COUNTS : COUNTS) {
    const args = (name) => ({ args: [name, String(count)], nodeArgs: ['--expose-gc'] });
    const ofNode = LIBRARIES.map(({ name, needs }) => ({
      name,
      needs,
      measure: () => run(MEASURE, { ...args(name), core: 'measured' }),
    }));
    const part = `process, ${count} sessions`;
    const measured = await measureInRounds(part, [...ofNode, twisted(count)], pairs);
    rows.push(...measured.rows.map((row) => ({ count, ...row })));
    for (const { what, why } of measured.leftOut) leftOut.set(what, { what, why });
  }
  if (isQuick) {
    const what = COUNTS.map((count) => `${count.toLocaleString('en')} sessions`).join('; ');
    leftOut.set(what, { what, why: 'not in a quick run' });
  }
  return { rows, leftOut: [...leftOut.values()] };
}

export function printProcess({ rows, leftOut }) {
  for (const name of new Set(rows.map((row) => row.name))) {
    const own = rows.filter((row) => row.name === name);
    const [{ version }] = own[0].turns;
    const operations = operationsOf(own);
    console.log(`process, ${name}${version ? ` ${version}` : ''}`);
    printTable(
      [
        'nanoseconds each; times ours (? says nothing)',
        ...own.map(({ count }) => `${count.toLocaleString('en')} sessions`),
      ],
      operations.map((operation) => [
        operation,
        ...own.map((row) => showBesideOurs(processFigure(rows, row, operation))),
      ]),
    );
  }
  printLeftOut('process', leftOut);
}

export const BYTES = 'heap bytes a session';

/** What was measured of these libraries, or of one of them. */
export function operationsOf(rows) {
  return [...new Set(rows.flatMap(({ turns }) => Object.keys(turns[0].nanoseconds))), BYTES];
}

/** What an operation takes in a library, beside ours with as many sessions, if ours has it. */
export function processFigure(rows, row, operation) {
  const ours = rows.find(({ name, count }) => name === 'ours' && count === row.count);
  const isOurs = ours !== undefined && operationsOf([ours]).includes(operation);
  return besideOurs(row, isOurs ? ours : undefined, (turn) =>
    operation === BYTES ? turn.bytes : turn.nanoseconds[operation],
  );
}
