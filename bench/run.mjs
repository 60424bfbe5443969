/**
 * The benchmarks, from a fresh clone: installs what is missing, builds the library, measures it beside
 * the bare framework and its peers, and prints the ratios.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureExpiry, printExpiry } from './expiry/expiry.mjs';
import { readFlags } from './flags.mjs';
import { measureHttp, printHttp } from './http/http.mjs';
import { measureProcess, printProcess } from './process/process.mjs';
import { measureStores, printStores } from './stores.mjs';
import { machine, printMachine } from './support/machine.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

const PARTS = {
  http: { measure: measureHttp, print: printHttp },
  process: { measure: measureProcess, print: printProcess },
  expiry: { measure: measureExpiry, print: printExpiry },
  stores: { measure: measureStores, print: printStores },
};

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

function install(folder) {
  if (existsSync(join(root, folder, 'node_modules'))) return;
  run('npm', ['ci', '--prefix', folder, '--no-fund', '--no-audit']);
}

const { isQuick, parts, json, pairs } = readFlags(Object.keys(PARTS));
install('.');
install('bench');
// A build of its own: what is measured stays the same, whatever is built elsewhere meanwhile.
const build = ['-p', 'lib/tsconfig.json', '--outDir', 'bench/dist'];
run(process.execPath, ['node_modules/typescript/bin/tsc', ...build]);

const report = { machine: machine(), isQuick, parts: {} };
printMachine(report.machine);
for (const name of parts) {
  const { measure, print } = PARTS[name];
  report.parts[name] = await measure({ isQuick, pairs });
  print(report.parts[name]);
}
if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, undefined, 2)}\n`);
