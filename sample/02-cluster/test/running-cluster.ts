import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** The sample as `npm start -- 02-cluster` runs it, but from source. */
export interface RunningCluster {
  readonly url: string;
  /** Resolves with what it leaves as its exit code. */
  stop(): Promise<number | null>;
}

export async function startCluster(): Promise<RunningCluster> {
  const { REDIS_URL: _, ...env } = process.env;
  const front = spawn(
    process.execPath,
    ['--import', './test/support/run-typescript.mjs', 'sample/02-cluster/src/main.ts'],
    { env: { ...env, PORT: '0' }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const exit = once(front, 'exit') as Promise<[number | null]>;
  const url = new Promise<string>((resolve, reject) => {
    let said = '';
    // Read on after that: nodes that are killed on purpose have much to say.
    for (const output of [front.stdout, front.stderr]) {
      output.on('data', (piece) => {
        said += String(piece);
        const [found] = /http:\/\/localhost:\d+/.exec(said) ?? [];
        if (found) resolve(found);
      });
    }
    void exit.then(() => reject(new Error(`The cluster did not start:\n${said}`)));
  });
  const stop = async () => {
    front.kill('SIGTERM');
    const [code] = await exit;
    return code;
  };
  return { url: await url, stop };
}
