import { fileURLToPath } from 'node:url';
import { start } from '../support/child.mjs';
import { showRatio, summary } from '../support/statistics.mjs';
import { printTable, progress } from '../support/table.mjs';
import { comparisonsOn } from './comparisons.mjs';

const SERVER = fileURLToPath(new URL('server.mjs', import.meta.url));
/** What a server without sessions is sent, so that it parses as much as the other side does. */
const COOKIE = `sid=${'A'.repeat(43)}`;

const LOAD = fileURLToPath(new URL('load.mjs', import.meta.url));

/**
 * Requests/s and CPU time a request of two servers that take turns, A B A B …, so that what disturbs
 * the machine disturbs both.
 */
export async function measureHttp({ isQuick, pairs = isQuick ? 3 : 15 }) {
  const settings = isQuick
    ? { pairs, turn: 0.4, warmUp: { requests: 10_000, seconds: 3 } }
    : { pairs, turn: 0.5, warmUp: { requests: 30_000, seconds: 10 } };
  const load = await start(LOAD, { core: 'load' });
  const results = [];
  try {
    for (const framework of ['express', 'fastify']) {
      for (const comparison of comparisonsOn(framework, isQuick)) {
        progress(`http: ${framework}: ${comparison.name}`);
        const result = await compare(framework, comparison, load, settings);
        results.push({ framework, name: comparison.name, ...result });
      }
    }
  } finally {
    load.stop();
    progress('');
  }
  return results;
}

async function compare(framework, { left, right }, load, { pairs, turn, warmUp }) {
  const sides = await Promise.all([open(framework, left, load), open(framework, right, load)]);
  try {
    for (const side of sides) await warm(side, warmUp);
    const measured = [];
    for (let pair = 0; pair < pairs; pair++) {
      measured.push({ left: await sides[0].measure(turn), right: await sides[1].measure(turn) });
    }
    return {
      pairs: measured,
      perSecond: summary(measured.map(({ left: a, right: b }) => a.perSecond / b.perSecond)),
      perCpu: summary(measured.map(({ left: a, right: b }) => b.microseconds / a.microseconds)),
      extra: summary(measured.map(({ left: a, right: b }) => a.microseconds - b.microseconds)),
    };
  } finally {
    await Promise.all(sides.map((side) => side.close()));
  }
}

/** So many requests, because compilers count calls and not seconds; but no longer than that. */
async function warm(side, { requests, seconds }) {
  const end = performance.now() + seconds * 1000;
  let answers = 0;
  while (answers < requests && performance.now() < end) {
    answers += (await side.measure(0.25)).answers;
  }
}

/** A server of its own for one side, and its clients. */
async function open(framework, { variant, path, login, hasCookie }, load) {
  const server = await start(SERVER, { args: [framework, variant], core: 'measured' });
  const port = server.ready;
  await load.ask({ what: 'open', port, login, cookie: hasCookie ? COOKIE : undefined });
  return {
    async measure(seconds) {
      const before = await server.ask('cpu');
      const {
        answers,
        seconds: taken,
        last,
      } = await load.ask({ what: 'load', port, path, seconds });
      const spent = (await server.ask('cpu')) - before;
      check(variant, path, login, last);
      return { answers, perSecond: answers / taken, microseconds: spent / answers };
    },
    async close() {
      await load.ask({ what: 'close', port });
      server.stop();
    },
  };
}

/** A session that was lost, or never kept, would be fast. */
function check(variant, path, login, body) {
  const { visits } = JSON.parse(body);
  const least = login !== undefined && path === '/write' ? 2 : 1;
  if (visits >= least) return;
  throw new Error(`${variant} answers ${body} to ${path}: it has not kept the session.`);
}

export function printHttp(results) {
  for (const framework of ['express', 'fastify']) {
    const own = results.filter((result) => result.framework === framework);
    const bare = own.flatMap(({ name, pairs }) => (name.startsWith('bare') ? pairs : []));
    const perSecond = summary(bare.map(({ right }) => right.perSecond));
    const microseconds = summary(bare.map(({ right }) => right.microseconds));
    console.log(
      `http, ${framework}: bare ${Math.round(perSecond.median)}/s ` +
        `(${Math.round(perSecond.min)}–${Math.round(perSecond.max)}), ` +
        `${microseconds.median.toFixed(0)} µs of CPU a request`,
    );
    printTable(
      ['left of bare, or of the peer named last', 'requests/s', 'by CPU time', 'CPU µs more'],
      own.map(({ name, perSecond: rate, perCpu, extra }) => [
        name,
        showRatio(rate),
        showRatio(perCpu),
        extra.median.toFixed(1),
      ]),
    );
  }
}
