import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'redis';

/** A real server on a free port of the loopback, with a directory of its own. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  readonly process: ChildProcess;
  /** Sends a command as somebody who is no node. */
  send(...args: string[]): Promise<unknown>;
  /** Starts it again on the same port and data, after it has ended. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one; what it is given are lines of its configuration, as `appendonly yes`. */
export async function startRedis(...config: readonly string[]): Promise<RedisServer> {
  const port = await freePort();
  const dir = await mkdtemp(join(tmpdir(), 'live-session-redis-'));
  const url = `redis://127.0.0.1:${port}`;
  const args = [...argsOf(port, dir), ...config.flatMap((line) => `--${line}`.split(' '))];
  let process = await run(args, port);
  const admin = createClient({ url });
  // It is connected again after a restart; until then nobody asks it.
  admin.on('error', () => {});
  await admin.connect();
  return {
    url,
    port,
    get process() {
      return process;
    },
    send: (...command) => admin.sendCommand(command),
    async restart() {
      process = await run(args, port);
    },
    async stop() {
      admin.destroy();
      if (process.exitCode === null && process.signalCode === null) {
        const exited = once(process, 'exit');
        // One that was suspended does not hear of anything less.
        process.kill('SIGKILL');
        await exited;
      }
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Whether a replica has all that its master has. */
export async function isCaughtUp(master: RedisServer): Promise<boolean> {
  const info = String(await master.send('INFO', 'replication'));
  const [, offset] = /master_repl_offset:(\d+)/.exec(info) ?? [];
  return info.includes(`state=online,offset=${offset},`);
}

/** Starts one for a whole file of tests, and stops it after them. */
export function redisForFile(...config: readonly string[]): () => RedisServer {
  let server: RedisServer | undefined;
  beforeAll(async () => {
    server = await startRedis(...config);
  });
  afterAll(async () => {
    await server?.stop();
  });
  return () => {
    if (server === undefined) throw new Error('The server is there from beforeAll() on.');
    return server;
  };
}

function argsOf(port: number, dir: string): readonly string[] {
  const settings = {
    port,
    dir,
    bind: '127.0.0.1',
    save: '',
    appendonly: 'no',
    loglevel: 'warning',
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

async function run(args: readonly string[], port: number): Promise<ChildProcess> {
  const server = spawn('redis-server', [...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  server.stdout.resume();
  const client = createClient({
    url: `redis://127.0.0.1:${port}`,
    socket: { reconnectStrategy: 20 },
  });
  client.on('error', () => {});
  const exited = once(server, 'exit').then(() => {
    throw new Error('redis-server has ended as it began: see what it wrote.');
  });
  await Promise.race([client.connect().then(() => client.ping()), exited]);
  exited.catch(() => {});
  client.destroy();
  return server;
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('There is no free port.');
  return address.port;
}
