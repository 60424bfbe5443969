import { fileURLToPath } from 'node:url';
import { start } from '../support/child.mjs';
import { whyNotWith } from '../support/packages.mjs';
import { ratios, summary } from '../support/statistics.mjs';
import { progress } from '../support/table.mjs';
import { nameOf } from './name.mjs';
import { open } from './side.mjs';

const LOAD = fileURLToPath(new URL('load.mjs', import.meta.url));

const NOT_IN_QUICK = 'not in a quick run';

const SETTINGS = {
  quick: { pairs: 3, turn: 0.3, warmUp: { requests: 10_000, seconds: 2 } },
  full: { pairs: 11, turn: 0.35, warmUp: { requests: 15_000, seconds: 5 } },
};

/**
 * Requests/s and CPU time a request of servers that take turns, A B A B …, so that what disturbs the
 * machine disturbs all of them; for one comparison after another. `store` is where they keep sessions,
 * if that is a process of its own.
 */
export async function compareAll(part, comparisons, { isQuick, pairs, whyNot, store }) {
  const settings = isQuick ? SETTINGS.quick : SETTINGS.full;
  const load = await start(LOAD, { core: 'load' });
  const turns = { ...settings, pairs: pairs ?? settings.pairs, load, store };
  const rows = [];
  const leftOut = [];
  const leave = (some, why) => {
    for (const row of some) leftOut.push({ framework: row.framework, what: nameOf(row), why });
  };
  for (const comparison of comparisons) {
    const [main, ...withFloors] = comparedIn(comparison);
    const why = reasonAgainst(comparison, isQuick) ?? whyNot?.(comparison);
    if (why !== undefined) {
      leave([main, ...withFloors], why);
      continue;
    }
    if (isQuick) leave(withFloors, NOT_IN_QUICK);
    const measured = isQuick ? { ...comparison, floors: [] } : comparison;
    progress(`${part}, ${main.framework}: ${nameOf(main)}`);
    try {
      rows.push(...(await compare(measured, turns)));
    } catch (error) {
      // Half an hour of measurements is not thrown away for one; but the run has failed.
      process.exitCode = 1;
      leave(comparedIn(measured), `failed: ${error.message}`);
    }
  }
  load.stop();
  progress('');
  return { rows, leftOut };
}

function reasonAgainst({ isQuick, left, right, floors }, isQuickRun) {
  if (isQuickRun && !isQuick) return NOT_IN_QUICK;
  return whyNotWith([...new Set([left, right, ...floors].flatMap(({ needs }) => needs))]);
}

/** Which sides are compared with which: by their names, and by their places in a turn. */
function comparedIn({ framework, work, left, right, floors }) {
  const sides = [left, right, ...floors];
  const pairs = [
    [0, 1],
    ...floors.flatMap((_, index) => [
      [index + 2, 1],
      [0, index + 2],
    ]),
  ];
  return pairs.map((places) => {
    const [leftName, rightName] = places.map((place) => sides[place].name);
    return { framework, work, left: leftName, right: rightName, places };
  });
}

async function compare(comparison, { pairs, turn, warmUp, load, store }) {
  const { framework, left, right, floors } = comparison;
  const sides = await openAll(
    [left, right, ...floors].map((side) => open(framework, side, load, store)),
  );
  try {
    for (const side of sides) await warm(side, warmUp);
    const rounds = [];
    for (let pair = 0; pair < pairs; pair++) {
      const round = [];
      for (const side of sides) round.push(await side.measure(turn));
      rounds.push(round);
    }
    return comparedIn(comparison).map(({ places: [one, other], ...row }) => {
      const turns = rounds.map((round) => ({ left: round[one], right: round[other] }));
      return { ...row, ...compared(turns), turns };
    });
  } finally {
    await Promise.allSettled(sides.map((side) => side.close()));
  }
}

/** Where one of them cannot be opened, the others are closed. */
async function openAll(opening) {
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
