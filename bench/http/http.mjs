import { printLeftOut, printTable } from '../support/table.mjs';
import { allComparisons } from './comparisons.mjs';
import { compareAll } from './compare.mjs';
import { describeBare, figuresOf } from './conclude.mjs';
import { nameOf } from './name.mjs';

/** What a request costs with sessions in the memory of the process. */
export function measureHttp({ isQuick, pairs }) {
  return compareAll('http', allComparisons(), { isQuick, pairs });
}

export function printHttp({ rows, leftOut }) {
  for (const framework of new Set(rows.map((row) => row.framework))) {
    const own = rows.filter((row) => row.framework === framework);
    console.log(`http, ${framework}: ${describeBare(own)}`);
    printTable(
      ['left of bare, or of what is named last', 'requests/s', 'by CPU time', 'CPU µs more', 'so'],
      own.map((row) => [nameOf(row), ...figuresOf(row, rows)]),
    );
  }
  printLeftOut('http', leftOut);
}
