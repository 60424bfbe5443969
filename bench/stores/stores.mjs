import { existsSync } from 'node:fs';
import { BARE, floor, keeper } from '../http/sides.mjs';
import { compareAll } from '../http/compare.mjs';
import { describeBare, figuresOf } from '../http/conclude.mjs';
import { nameOf } from '../http/name.mjs';
import { whyNotWith } from '../support/packages.mjs';
import { printLeftOut, printTable } from '../support/table.mjs';
import { hasRedis, startRedis } from './redis.mjs';

const OURS = keeper('ours', 'ours-redis', []);
const FLOOR = floor('floor-redis');
const PEERS = {
  express: keeper('express-session', 'express-session-redis', ['express-session', 'connect-redis']),
  fastify: keeper('@fastify/session', 'fastify-session-redis', [
    '@fastify/session',
    '@fastify/cookie',
    'connect-redis',
  ]),
};

/** What a request costs with sessions in a Redis, and how much the Redis has to do for it. */
export async function measureStores({ isQuick, pairs }) {
  const noRedis = hasRedis()
    ? whyNotWith(['redis'])
    : 'there is no redis-server on this machine, or not in the PATH';
  const whyNot = ({ left }) => noRedis ?? whyNotHere(left);
  const store = noRedis === undefined ? await startRedis() : undefined;
  try {
    const measured = await compareAll('stores', comparisons(), { isQuick, pairs, whyNot, store });
    return { ...measured, redis: store?.version };
  } finally {
    await store?.stop();
  }
}

function comparisons() {
  return Object.entries(PEERS).flatMap(([framework, peer]) => [
    { framework, work: 'itself', left: BARE, right: BARE, floors: [], isQuick: false },
    ...['read', 'write'].flatMap((work) => {
      const isQuick = work === 'read';
      return [
        { framework, work, left: OURS[work], right: BARE, floors: [FLOOR[work]], isQuick },
        { framework, work, left: peer[work], right: BARE, floors: [], isQuick },
        { framework, work, left: OURS[work], right: peer[work], floors: [], isQuick: false },
      ];
    }),
  ]);
}

function whyNotHere({ variant }) {
  const entry = new URL('../dist/redis/index.js', import.meta.url);
  if (variant !== OURS.read.variant || existsSync(entry)) return undefined;
  return 'this version of the library has no Redis store';
}

export function printStores({ rows, leftOut, redis }) {
  for (const framework of new Set(rows.map((row) => row.framework))) {
    const own = rows.filter((row) => row.framework === framework);
    console.log(`stores, ${framework} with Redis ${redis}: ${describeBare(own)}`);
    printTable(
      [
        'left of bare, or of what is named last',
        'requests/s',
        'by CPU time',
        'CPU µs more',
        'so',
        'Redis commands a request',
        'Redis CPU µs',
      ],
      own.map((row) => {
        const { commands, microseconds } = askedOfStore(row);
        return [nameOf(row), ...figuresOf(row, rows), commands, microseconds.toFixed(1)];
      }),
    );
  }
  printLeftOut('stores', leftOut);
}

/** What the left side of a comparison asked of the store, a request: `2.00 (GET 1.00, EXPIRE 1.00)`. */
export function askedOfStore({ turns }) {
  const sum = (figure) => turns.reduce((total, { left }) => total + figure(left), 0);
  const requests = sum(({ answers }) => answers);
  const names = [...new Set(turns.flatMap(({ left }) => Object.keys(left.store.calls)))];
  const each = names
    .map((name) => [name, sum(({ store }) => store.calls[name] ?? 0) / requests])
    // A time-out's worth of background work, once in thousands of requests, is not the request's.
    .filter(([, calls]) => calls >= 0.005);
  const total = each.reduce((calls, [, more]) => calls + more, 0);
  const listed = each.map(([name, calls]) => `${name} ${calls.toFixed(2)}`).join(', ');
  return {
    commands: each.length === 0 ? '0' : `${total.toFixed(2)} (${listed})`,
    microseconds: sum(({ store }) => store.microseconds) / requests,
  };
}
