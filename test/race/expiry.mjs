/**
 * 100,000 sessions that are due at once, on three nodes: how long it takes until each node was told of
 * all of them, and how long their event loops were held up meanwhile. `--sessions 10000` takes fewer.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createClient } from 'redis';
import { pause, Server } from './fleet.mjs';

const { values } = parseArgs({ options: { sessions: { type: 'string', default: '100000' } } });
const count = Number(values.sessions);

const server = new Server({ appendonly: 'no' });
await server.start();
const url = `redis://127.0.0.1:${server.port}`;
const path = fileURLToPath(new URL('expiry-node.mjs', import.meta.url));
const nodes = [0, 1, 2].map(() => fork(path, [url]));
const hear = (node, name) =>
  new Promise((resolve) => {
    node.on('message', (message) => message[name] !== undefined && resolve(message[name]));
  });
await Promise.all(nodes.map((node) => hear(node, 'ready')));

// As the store's own scripts make them, and in a moment.
const client = await createClient({ url }).connect();
const now = Date.now();
const dueAt = now + 3_600_000;
const tag = '{sess:s0}:';
const fields = {
  secure: '',
  created: now,
  touched: now,
  idle: 3_600_000,
  absolute: 86_400_000,
  absoluteAt: now + 86_400_000,
  deadline: dueAt,
  principal: '',
  level: '',
  loggedIn: '',
  version: 1,
  'c:cart@1': '{"items":["tea"]}',
  'v:cart@1': 1,
};
for (let start = 0; start < count; start += 1000) {
  const batch = client.multi();
  for (let i = start; i < Math.min(count, start + 1000); i++) {
    const key = `${String(i).padStart(8, '0')}${'k'.repeat(35)}`;
    const id = `id-${i}`;
    batch.hSet(`${tag}s:${key}`, {
      ...fields,
      id,
    });
    batch.zAdd(`${tag}due`, { score: dueAt, value: `${id}:${key}` });
    batch.zAdd(`${tag}ids`, { score: 0, value: `${id}:${key}` });
  }
  await batch.exec();
}
await pause(1000);

const told = nodes.map((node) => hear(node, 'told'));
for (const node of nodes) node.send({ expect: count });
await pause(200);
const begun = Date.now();
await client.set(`${tag}clk`, String(dueAt + 1));
const results = await Promise.all(told);
const left = await client.zCard(`${tag}due`);

console.log(`${count} sessions due at once, ${left} left; on each node:`);
for (const { at, p99, most, distinct } of results) {
  const seconds = (at - begun) / 1000;
  console.log(
    `  told of ${distinct} in ${seconds.toFixed(1)} s (${Math.round(distinct / seconds)}/s), event loop p99 ${p99.toFixed(1)} ms, longest ${most.toFixed(1)} ms`,
  );
}
client.destroy();
for (const node of nodes) node.kill('SIGTERM');
await Promise.all(nodes.map((node) => once(node, 'exit')));
await server.stop();
process.exit(
  left === 0 && results.every(({ distinct, all }) => distinct === count && all === count) ? 0 : 1,
);
