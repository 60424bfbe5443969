/** Draws docs/benchmarks.md and its pictures from the JSON of a run, and from nothing else. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { draw, THEMES } from './page/chart.mjs';
import { chartsOf } from './page/charts.mjs';
import { pageOf } from './page/markdown.mjs';

const docs = fileURLToPath(new URL('../docs/', import.meta.url));
const [file = fileURLToPath(new URL('results.json', import.meta.url))] = process.argv.slice(2);
const report = JSON.parse(readFileSync(file, 'utf8'));

const pictures = resolve(docs, 'benchmarks');
rmSync(pictures, { recursive: true, force: true });
mkdirSync(pictures, { recursive: true });
for (const [name, chart] of Object.entries(chartsOf(report))) {
  for (const theme of Object.keys(THEMES)) {
    writeFileSync(resolve(pictures, `${name}-${theme}.svg`), draw(chart, theme));
  }
}

const page = resolve(docs, 'benchmarks.md');
const options = { ...(await resolveConfig(page)), parser: 'markdown' };
writeFileSync(page, await format(pageOf(report), options));
console.log(`${page} and ${pictures} are drawn from ${file}.`);
