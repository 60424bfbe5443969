import { fileURLToPath } from 'node:url';
import { start } from '../support/child.mjs';
import { whyNotWith } from '../support/packages.mjs';
import { ratios, summary } from '../support/statistics.mjs';
import { progress } from '../support/table.mjs';
import { nameOf } from './name.mjs';
import { open } from './side.mjs';

const LOAD = fileURLToPath(new URL('load.mjs', import.meta.url));

const SETTINGS = {
  quick: { pairs: 3, turn: 0.3, warmUp: { requests: 10_000, seconds: 2 } },
  full: { pairs: 11, turn: 0.35, warmUp: { requests: 15_000, seconds: 5 } },
};

/**
 * Requests/s and CPU time a request of two servers that take turns, A B A B …, so that what disturbs
 * the machine disturbs both; for one comparison after another. `store` is where they keep sessions, if
 * that is a process of its own.
 */
export async function compareAll(part, comparisons, { isQuick, pairs, whyNot, store }) {
  const settings = isQuick ? SETTINGS.quick : SETTINGS.full;
  const load = await start(LOAD, { core: 'load' });
  const turns = { ...settings, pairs: pairs ?? settings.pairs, load, store };
  const rows = [];
  const leftOut = [];
  for (const comparison of comparisons) {
    const { framework, work, left, right } = comparison;
    const row = { framework, work, left: left.name, right: right.name };
    const what = nameOf(row);
    const why = reasonAgainst(comparison, isQuick) ?? whyNot?.(comparison);
    if (why !== undefined) {
      leftOut.push({ framework, what, why });
      continue;
    }
    progress(`${part}, ${framework}: ${what}`);
    try {
      rows.push({ ...row, ...(await compare(comparison, turns)) });
    } catch (error) {
      // Half an hour of measurements is not thrown away for one; but the run has failed.
      process.exitCode = 1;
      leftOut.push({ framework, what, why: `failed: ${error.message}` });
    }
  }
  load.stop();
  progress('');
  return { rows, leftOut };
}

function reasonAgainst({ isQuick, left, right }, isQuickRun) {
  if (isQuickRun && !isQuick) return 'not in a quick run';
  return whyNotWith([...new Set([...left.needs, ...right.needs])]);
}

async function compare({ framework, left, right }, { pairs, turn, warmUp, load, store }) {
  const sides = await openBoth([left, right].map((side) => open(framework, side, load, store)));
  try {
    for (const side of sides) await warm(side, warmUp);
    const turns = [];
    for (let pair = 0; pair < pairs; pair++) {
      turns.push({ left: await sides[0].measure(turn), right: await sides[1].measure(turn) });
    }
    return { ...compared(turns), turns };
  } finally {
    await Promise.allSettled(sides.map((side) => side.close()));
  }
}

/** Where one of the two cannot be opened, the other is closed. */
async function openBoth(opening) {
  const opened = await Promise.allSettled(opening);
  const failed = opened.find(({ status }) => status === 'rejected');
  const sides = opened.flatMap(({ value }) => value ?? []);
  if (failed === undefined) return sides;
  await Promise.allSettled(sides.map((side) => side.close()));
  throw failed.reason;
}

/** So many requests, because compilers count calls and not seconds; but no longer than that. */
async function warm(side, { requests, seconds }) {
  const end = performance.now() + seconds * 1000;
  let answers = 0;
  while (answers < requests && performance.now() < end) {
    answers += (await side.measure(0.25)).answers;
  }
}

function compared(turns) {
  const of = (side, figure) => turns.map((turn) => turn[side][figure]);
  const left = of('left', 'microseconds');
  const right = of('right', 'microseconds');
  return {
    perSecond: ratios(of('left', 'perSecond'), of('right', 'perSecond')),
    perCpu: ratios(right, left),
    extra: summary(left.map((value, index) => value - right[index])),
    /** How much of the time the servers worked: where that is little, others set the pace. */
    busy: Math.min(summary(of('left', 'busy')).median, summary(of('right', 'busy')).median),
  };
}
