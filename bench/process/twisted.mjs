import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pinned } from '../support/child.mjs';

const MEASURE = fileURLToPath(new URL('measure_twisted.py', import.meta.url));

/** Debian's python3-twisted is Debian's Python's, which need not be the first one. */
const INTERPRETERS = process.env.PYTHON ? [process.env.PYTHON] : ['python3', '/usr/bin/python3'];

/** Twisted's own sessions, where an interpreter has them. */
export function twisted(count) {
  const python = INTERPRETERS.find(
    (name) => spawnSync(name, ['-c', 'import twisted']).status === 0,
  );
  const why = `${INTERPRETERS.join(' and ')} without Twisted; apt has it as python3-twisted`;
  const [command, ...args] = pinned('measured', [python, MEASURE, String(count)]);
  return {
    name: 'Twisted',
    ...(python === undefined && { whyNot: why }),
    async measure() {
      const { stdout } = await promisify(execFile)(command, args);
      return JSON.parse(stdout);
    },
  };
}
