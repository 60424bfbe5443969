/**
 * Shows that the suites would notice: puts each mistake of `mutants.mjs` into a copy of the sources, and
 * runs the conformance suite and the games of many nodes on it, which have to fail. A survivor fails
 * the run.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MUTANTS } from './mutants.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const SUITES = ['test/contract/redis', 'test/property/store-'];

/** A copy of all that the suites need. */
function copyProject() {
  const copy = mkdtempSync(join(tmpdir(), 'live-session-mutant-'));
  for (const name of ['lib', 'test', 'package.json']) {
    cpSync(join(root, name), join(copy, name), {
      recursive: true,
      filter: (path) => !path.includes('node_modules'),
    });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

function apply(copy, { file, from, to, more = [] }) {
  const path = join(copy, 'lib', file);
  const source = readFileSync(path, 'utf8');
  if (source.split(from).length !== 2) {
    throw new Error(`${file} has not exactly one place to change: bring the mutant up to date.`);
  }
  writeFileSync(
    path,
    source.replace(from, () => to),
  );
  for (const change of more) apply(copy, change);
}

/** Runs the suites until the first failure. Whether all of them passed, and what failed first. */
function runSuites(copy) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      'node_modules/jest/bin/jest.js',
      '--config=test/jest.config.js',
      '--runInBand',
      '--bail',
      ...SUITES,
    ],
    { cwd: copy, encoding: 'utf8' },
  );
  const output = stdout + stderr;
  const first = /^\s*● (.*)$/m.exec(output)?.[1];
  return { isGreen: status === 0, first, hasRun: /^Tests: /m.test(output), output };
}

/** Puts the mutant in, or none. */
function judge(mutant) {
  const copy = copyProject();
  try {
    if (mutant !== undefined) apply(copy, mutant);
    return runSuites(copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

const [chosen] = process.argv.slice(2);
const mutants = MUTANTS.filter(({ name }) => chosen === undefined || name.includes(chosen));

const untouched = chosen === undefined ? judge(undefined) : { isGreen: true };
if (!untouched.isGreen) {
  console.error(untouched.output);
  console.error('The suites fail without any mutant: mend that first.');
  process.exit(1);
}

let survived = 0;
for (const mutant of mutants) {
  const { isGreen, hasRun, first, output } = judge(mutant);
  if (!isGreen && !hasRun) {
    console.error(output);
    throw new Error(`With "${mutant.name}" the suites cannot even be loaded.`);
  }
  if (isGreen) survived++;
  console.log(
    isGreen ? `SURVIVED  ${mutant.name}` : `killed    ${mutant.name}\n          by ${first}`,
  );
}

console.log(`${mutants.length - survived} mutants killed, ${survived} survived`);
process.exit(survived > 0 ? 1 : 0);
