/**
 * The tests, on every Nest that the library supports, from a fresh clone: installs what is missing,
 * runs jest once for each Nest, and ends with the totals. Arguments go to jest; `NEST=11` or `NEST=12`
 * runs one of the two.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installServers } from './install-servers.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

function run(command, args, env = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (error) throw error;
  return status;
}

function install(folder) {
  if (existsSync(join(root, folder, 'node_modules'))) return;
  const status = run('npm', [
    'ci',
    '--prefix',
    folder,
    '--loglevel=error',
    '--no-fund',
    '--no-audit',
  ]);
  if (status !== 0) process.exit(status);
}

function runJest(nest, outputFile) {
  return run(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      'node_modules/jest/bin/jest.js',
      '--config=test/jest.config.js',
      '--json',
      `--outputFile=${outputFile}`,
      ...process.argv.slice(2),
    ],
    { NEST: nest },
  );
}

install('.');
install('test/nest-11');
const leftOut = installServers();

const results = mkdtempSync(join(tmpdir(), 'live-session-'));
const total = { passed: 0, failed: 0, skipped: 0 };
let isFailed = false;
for (const nest of process.env.NEST ? [process.env.NEST] : ['12', '11']) {
  const outputFile = join(results, `${nest}.json`);
  isFailed = runJest(nest, outputFile) !== 0 || isFailed;
  const result = JSON.parse(readFileSync(outputFile, 'utf8'));
  total.passed += result.numPassedTests;
  // A suite that could not even be loaded has no tests to count.
  total.failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
  total.skipped += result.numPendingTests;
}
rmSync(results, { recursive: true });

for (const reason of leftOut) console.log(`Left out: ${reason}`);
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exit(isFailed ? 1 : 0);
