import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const cores = availableParallelism();
const canPin = existsSync('/usr/bin/taskset') && cores > 1;

/** On which core what runs: what is measured has one to itself, as far as the machine is ours. */
export const CORES = canPin ? { measured: 0, load: 1, store: cores > 2 ? 2 : 1 } : undefined;

/** A command that runs on one of those cores, where the system can pin it. */
export function pinned(core, command) {
  if (!CORES || core === undefined) return command;
  return ['taskset', '--cpu-list', String(CORES[core]), ...command];
}

/**
 * Starts a file in a process of its own, whose first message says that it is ready; every
 * other one is the answer to a question.
 *
 * @param {string} file
 * @param {{ args?: string[], nodeArgs?: string[], core?: 'measured' | 'load' }} options
 */
export async function start(file, { args = [], nodeArgs = [], core } = {}) {
  const [command, ...rest] = pinned(core, [process.execPath, ...nodeArgs, file, ...args]);
  const child = spawn(command, rest, {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  let complaints = '';
  child.stderr.on('data', (text) => (complaints += text));

  const answer = () =>
    new Promise((resolve, reject) => {
      const onExit = (code) =>
        reject(new Error(`${file} ${args.join(' ')} ended (${code}): ${complaints}`));
      if (child.exitCode !== null) return onExit(child.exitCode);
      child.once('exit', onExit);
      child.once('message', (message) => {
        child.off('exit', onExit);
        if (message?.failed === undefined) resolve(message);
        else reject(new Error(message.failed));
      });
    });

  let turn = answer();
  const ready = await turn;
  const ask = async (question) => {
    const answered = answer();
    if (child.connected) child.send(question);
    return answered;
  };
  return {
    ready,
    /** Asks when all that was asked before is answered. */
    ask(question) {
      turn = turn.then(
        () => ask(question),
        () => ask(question),
      );
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
