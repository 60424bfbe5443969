import { EXPIRY_FIGURES } from '../expiry/expiry.mjs';
import { figuresOf } from '../http/conclude.mjs';
import { nameOf } from '../http/name.mjs';
import { operationsOf, processFigure } from '../process/process.mjs';
import { askedOfStore } from '../stores/stores.mjs';
import { besideOurs, showBesideOurs } from '../support/beside-ours.mjs';
import { isFloor } from '../support/floors.mjs';

const RATIOS = ['requests/s', 'by CPU time', 'CPU µs more', 'conclusion'];

/** All comparisons on a framework: with the bare one first, then of ours with the floors and its peers. */
export function httpTables(rows, framework) {
  const own = rows.filter((row) => row.framework === framework);
  const table = (head, some) =>
    tableOf(
      [head, ...RATIOS],
      some.map((row) => [nameOf(row), ...figuresOf(row, rows)]),
    );
  return [
    table(
      'as a share of bare',
      own.filter(({ right }) => right === 'bare'),
    ),
    table(
      'as a share of a floor',
      own.filter(({ right }) => isFloor(right)),
    ),
    table(
      'as a multiple of a peer',
      own.filter(({ right }) => right !== 'bare' && !isFloor(right)),
    ),
  ].join('\n');
}

export function storesTable(rows, framework) {
  return tableOf(
    [
      'as a share of bare, or of what is named last',
      ...RATIOS,
      'Redis commands a request',
      'Redis CPU µs',
    ],
    rows
      .filter((row) => row.framework === framework)
      .map((row) => {
        const { commands, microseconds } = askedOfStore(row);
        return [nameOf(row), ...figuresOf(row, rows), commands, microseconds.toFixed(1)];
      }),
  );
}

/** One table for each number of sessions: operations, and what they take in each library. */
export function processTables(rows) {
  return [...new Set(rows.map(({ count }) => count))]
    .map((count) => {
      const measured = rows.filter((row) => row.count === count);
      const show = (row, operation) =>
        operationsOf([row]).includes(operation)
          ? showBesideOurs(processFigure(rows, row, operation))
          : '–';
      return tableOf(
        [`${count.toLocaleString('en')} sessions`, ...measured.map(({ name }) => name)],
        operationsOf(measured).map((operation) => [
          operation,
          ...measured.map((row) => show(row, operation)),
        ]),
      );
    })
    .join('\n');
}

export function expiryTable(rows) {
  const ours = rows.find(({ name }) => name === 'ours');
  const figures = Object.entries(EXPIRY_FIGURES);
  return tableOf(
    ['milliseconds', ...figures.map(([name]) => name)],
    rows.map((row) => [
      row.name,
      ...figures.map(([, read]) => showBesideOurs(besideOurs(row, ours, read))),
    ]),
  );
}

/** A table in Markdown, all columns but the first to the right; nothing where there are no rows. */
export function tableOf(head, rows) {
  if (rows.length === 0) return '';
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return `${[head, rule, ...rows].map(line).join('\n')}\n`;
}
