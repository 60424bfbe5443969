import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'redis';
import { type RedisServer, freePort, startRedis } from './redis-server.js';
import { until } from './until.js';

/** A master, its replica, and a sentinel that makes the one the other. */
export interface Watched {
  readonly master: RedisServer;
  readonly replica: RedisServer;
  readonly sentinel: { readonly name: string; readonly nodes: readonly string[] };
  stop(): Promise<void>;
}

export async function startWatched(): Promise<Watched> {
  const master = await startRedis('repl-diskless-sync-delay 0');
  const replica = await startRedis(`replicaof 127.0.0.1 ${master.port}`);
  await until(async () => String(await replica.send('INFO')).includes('master_link_status:up'));
  const dir = await mkdtemp(join(tmpdir(), 'live-session-sentinel-'));
  const port = await freePort();
  const config = join(dir, 'sentinel.conf');
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${dir}`,
    `sentinel monitor main 127.0.0.1 ${master.port} 1`,
    // Long enough for a busy machine.
    'sentinel down-after-milliseconds main 2000',
    'sentinel failover-timeout main 2000',
  ];
  await writeFile(config, lines.join('\n'));
  const process = spawn('redis-server', [config, '--sentinel'], { stdio: 'ignore' });
  const url = `redis://127.0.0.1:${port}`;
  const admin = createClient({ url, socket: { reconnectStrategy: 20 } });
  admin.on('error', () => {});
  await admin.connect();
  await until(
    async () => {
      const info = (await admin.sendCommand(['INFO', 'sentinel'])) as string;
      return info.includes('status=ok') && info.includes('slaves=1');
    },
    { within: 20 },
  );
  return {
    master,
    replica,
    sentinel: { name: 'main', nodes: [url] },
    async stop() {
      admin.destroy();
      const exited = once(process, 'exit');
      process.kill('SIGKILL');
      await exited;
      await Promise.all([master.stop(), replica.stop()]);
      await rm(dir, { recursive: true, force: true });
    },
  };
}
