import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pinned } from '../support/child.mjs';

/** Whether there is a Redis to start. */
export function hasRedis() {
  return spawnSync('redis-server', ['--version']).status === 0;
}

/** Starts a Redis for nobody else: on loopback, in a folder that goes with it, writing nothing there. */
export async function startRedis() {
  const folder = mkdtempSync(join(tmpdir(), 'bench-redis-'));
  const port = await freePort();
  const options = { bind: '127.0.0.1', port, dir: folder, save: '', appendonly: 'no' };
  const [command, ...args] = pinned('store', [
    'redis-server',
    ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
  ]);
  const server = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const end = () => {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', end);
  await ready(server);

  // Imported here: where it is not installed, everything else is measured all the same.
  const { createClient } = await import('redis');
  const url = `redis://127.0.0.1:${port}`;
  const client = await createClient({ url }).connect();
  const [, version] = /redis_version:(\S+)/.exec(await client.info('server'));
  return {
    url,
    version,
    usage: async () => usageOf(await client.info('commandstats'), await client.info('cpu')),
    since,
    async stop() {
      await client.close();
      const ended = once(server, 'exit');
      end();
      await ended;
      process.off('exit', end);
    },
  };
}

/** What Redis has done so far: calls of each command, those in scripts too, and CPU microseconds. */
function usageOf(commandstats, cpu) {
  const calls = [...commandstats.matchAll(/^cmdstat_(\S+):calls=(\d+)/gm)];
  const seconds = [...cpu.matchAll(/^used_cpu_(?:sys|user):(\S+)/gm)];
  return {
    calls: new Map(calls.map(([, name, count]) => [name, Number(count)])),
    microseconds: seconds.reduce((sum, [, value]) => sum + Number(value) * 1e6, 0),
  };
}

/** What it did between two readings, but for the readings. */
function since(before, after) {
  const calls = {};
  for (const [name, count] of after.calls) {
    const more = count - (before.calls.get(name) ?? 0);
    if (more > 0 && name !== 'info') calls[name.toUpperCase()] = more;
  }
  return { calls, microseconds: after.microseconds - before.microseconds };
}

async function ready(server) {
  let said = '';
  for await (const line of createInterface({ input: server.stdout })) {
    said += `${line}\n`;
    if (line.includes('Ready to accept connections')) {
      server.stdout.resume();
      return;
    }
  }
  throw new Error(`redis-server has ended: ${said}`);
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}
