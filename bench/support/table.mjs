/** Prints rows of cells under a head, the first column to the left and the others to the right. */
export function printTable(head, rows) {
  const all = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  for (const row of all) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]),
    );
    console.log(`  ${cells.join('  ')}`.trimEnd());
  }
  console.log();
}

/** Prints what was not measured by name, for each reason. */
export function printLeftOut(part, leftOut) {
  const names = new Map();
  for (const { framework, what, why } of leftOut) {
    const title = `${[part, framework].filter(Boolean).join(', ')}, left out (${why}):`;
    names.set(title, [...(names.get(title) ?? []), what]);
  }
  for (const [title, list] of names) console.log(`${title}\n  ${list.join('; ')}\n`);
}

/** Says on stderr how far a part has come, where somebody watches. */
export function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`);
}
