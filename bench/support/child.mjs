import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const canPin = existsSync('/usr/bin/taskset') && availableParallelism() > 1;

/** On which core what runs: what is measured has one to itself, as far as the machine is ours. */
export const CORES = canPin ? { measured: 0, load: 1 } : undefined;

/**
 * Starts a file in a process of its own, whose first message says that it is ready; every
 * other one is the answer to a question.
 *
 * @param {string} file
 * @param {{ args?: string[], nodeArgs?: string[], core?: 'measured' | 'load' }} options
 */
export async function start(file, { args = [], nodeArgs = [], core } = {}) {
  const command = [process.execPath, ...nodeArgs, file, ...args];
  if (CORES && core) command.unshift('taskset', '--cpu-list', String(CORES[core]));
  const child = spawn(command[0], command.slice(1), {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  let complaints = '';
  child.stderr.on('data', (text) => (complaints += text));

  const answer = () =>
    new Promise((resolve, reject) => {
      const onExit = (code) =>
        reject(new Error(`${file} ${args.join(' ')} ended (${code}): ${complaints}`));
      child.once('exit', onExit);
      child.once('message', (message) => {
        child.off('exit', onExit);
        resolve(message);
      });
    });

  let turn = answer();
  const ready = await turn;
  return {
    ready,
    /** Asks when all that was asked before is answered. */
    ask(question) {
      turn = turn.then(() => {
        const answered = answer();
        child.send(question);
        return answered;
      });
      return turn;
    },
    stop() {
      child.removeAllListeners('exit');
      child.kill();
    },
  };
}

/** Runs a file that sends one message, its result, and ends. */
export async function run(file, options) {
  const child = await start(file, options);
  child.stop();
  return child.ready;
}
