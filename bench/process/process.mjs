import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { run } from '../support/child.mjs';
import { printTable, progress } from '../support/table.mjs';

const MEASURE = fileURLToPath(new URL('measure.mjs', import.meta.url));
const TWISTED = fileURLToPath(new URL('measure_twisted.py', import.meta.url));

/** The interpreter that may have Twisted. */
const PYTHON = process.env.PYTHON ?? 'python3';

const COUNTS = [1000, 100_000, 1_000_000];

/** What an operation costs in the process, without HTTP: a fresh process for each library and count. */
export async function measureProcess({ isQuick }) {
  const counts = isQuick ? COUNTS.slice(0, 2) : COUNTS;
  const results = [];
  for (const count of counts) {
    for (const name of ['ours', 'express-session', 'memorystore']) {
      progress(`process: ${name} with ${count} sessions`);
      const options = { args: [name, String(count)], nodeArgs: ['--expose-gc'], core: 'measured' };
      results.push({ name, count, ...(await run(MEASURE, options)) });
    }
    progress(`process: Twisted with ${count} sessions`);
    results.push({ name: 'Twisted', count, ...measureTwisted(count) });
  }
  progress('');
  return results;
}

function measureTwisted(count) {
  if (spawnSync(PYTHON, ['-c', 'import twisted']).status !== 0) {
    return { skipped: `${PYTHON} has no Twisted; name another interpreter by PYTHON` };
  }
  const { stdout, stderr, status } = spawnSync(PYTHON, [TWISTED, String(count)]);
  if (status !== 0) throw new Error(`measure_twisted.py ended (${status}): ${String(stderr)}`);
  return JSON.parse(stdout.toString());
}

export function printProcess(results) {
  const measured = results.filter(({ skipped }) => skipped === undefined);
  const counts = [...new Set(measured.map(({ count }) => count))];
  const ours = measured.filter(({ name }) => name === 'ours');
  const names = [...new Set(measured.map(({ name }) => name))];
  for (const name of names) {
    const own = measured.filter((result) => result.name === name);
    console.log(`process, ${name}${own[0].version ? ` ${own[0].version}` : ''}`);
    const operations = Object.keys(own[0].nanoseconds);
    printTable(
      ['nanoseconds each, times ours', ...counts.map((count) => `${count.toLocaleString('en')}`)],
      [
        ...operations.map((operation) => [
          operation,
          ...counts.map((_, i) =>
            show(own[i].nanoseconds[operation], ours[i]?.nanoseconds[like(operation)], name),
          ),
        ]),
        ['heap bytes a session', ...counts.map((_, i) => show(own[i].bytes, ours[i]?.bytes, name))],
      ],
    );
  }
  const skipped = results.find((result) => result.skipped !== undefined);
  if (skipped) console.log(`process, ${skipped.name}: skipped, ${skipped.skipped}\n`);
}

/** Peers without callbacks are compared with our end all the same. */
function like(operation) {
  return operation === 'end' ? 'end, with one callback' : operation;
}

function show(value, own, name) {
  const figure = Math.round(value).toLocaleString('en');
  return name === 'ours' || own === undefined ? figure : `${figure} (${(value / own).toFixed(1)}×)`;
}
