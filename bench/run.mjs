/**
 * The benchmarks, from a fresh clone: installs what is missing, builds the library, measures it beside
 * the bare framework and its peers, and prints the ratios.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureExpiry, printExpiry } from './expiry/expiry.mjs';
import { parseFlags } from './flags.mjs';
import { measureHttp, printHttp } from './http/http.mjs';
import { measureProcess, printProcess } from './process/process.mjs';
import { measureStores, printStores } from './stores/stores.mjs';
import { machine, printMachine } from './support/machine.mjs';
import { measureNoise, printNoise } from './support/noise.mjs';
import { whyNotWith } from './support/packages.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

const PARTS = {
  http: { measure: measureHttp, print: printHttp },
  process: { measure: measureProcess, print: printProcess },
  expiry: { measure: measureExpiry, print: printExpiry },
  stores: { measure: measureStores, print: printStores },
};

function readFlags() {
  try {
    return parseFlags(Object.keys(PARTS), process.argv.slice(2));
  } catch (error) {
    console.error(error.message);
    process.exit(2);
  }
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  return status ?? 1;
}

function install() {
  if (!existsSync(join(root, 'node_modules')) && run('npm', ['ci']) !== 0) process.exit(1);
  const { dependencies } = JSON.parse(readFileSync(join(root, 'bench/package.json'), 'utf8'));
  if (whyNotWith(Object.keys(dependencies)) === undefined) return;
  // Not `npm ci`, which would first remove the peers that are there; what is missing is left out below.
  run('npm', ['install', '--prefix', 'bench', '--no-save', '--no-fund', '--no-audit']);
}

/** A build of its own: what is measured stays the same, whatever is built elsewhere meanwhile. */
function build() {
  rmSync(join(root, 'bench/dist'), { recursive: true, force: true });
  const args = ['-p', 'lib/tsconfig.json', '--outDir', 'bench/dist'];
  const status = run(process.execPath, ['node_modules/typescript/bin/tsc', ...args]);
  if (status !== 0) process.exit(status);
}

const { isQuick, parts, json, pairs } = readFlags();
// Ended from outside, it ends what it has started, too.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
install();
build();

const start = performance.now();
const report = { date: new Date().toISOString(), isQuick, machine: machine(), parts: {} };
printMachine(report.machine);
report.noise = { before: await measureNoise() };
printNoise('before', report.noise.before);
console.log(
  'Ratios are medians (smallest–largest). Where they lie further apart than the median is from 1,\n' +
    'they say nothing: "none" in the last column, or a "?".\n',
);
for (const name of parts) {
  const { measure, print } = PARTS[name];
  report.parts[name] = await measure({ isQuick, pairs });
  print(report.parts[name]);
}
report.noise.after = await measureNoise();
report.noise.load = loadavg()[0];
printNoise('after', report.noise.after);
report.minutes = (performance.now() - start) / 60_000;
console.log(`It took ${report.minutes.toFixed(1)} minutes.`);

const rounded = (_, value) => (typeof value === 'number' ? Number(value.toPrecision(6)) : value);
if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, rounded, 1)}\n`);
