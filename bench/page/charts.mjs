import { WORK } from '../http/comparisons.mjs';
import { itselfOn } from '../http/conclude.mjs';
import { EXPIRY_FIGURES } from '../expiry/expiry.mjs';
import { operationsOf, processFigure } from '../process/process.mjs';
import { besideOurs } from '../support/beside-ours.mjs';
import { isFloor } from '../support/floors.mjs';
import { showSummary, verdict } from '../support/statistics.mjs';

export const FRAMEWORKS = { express: 'Express', fastify: 'Fastify' };

const BARE_LINE = { at: 1, label: 'bare' };
const WHISKERS = 'Whiskers: smallest to largest of all turns';
const DOUBT = '“?”: nothing can be concluded';

/** Which bars are drawn from a report, by the name of their file; parts not measured have none. */
export function chartsOf({ parts }) {
  return {
    ...(parts.http && httpCharts(parts.http.rows)),
    ...(parts.stores?.rows.length && { redis: redisChart(parts.stores) }),
    ...(parts.process?.rows.length && { process: processChart(parts.process.rows) }),
    ...(parts.expiry?.rows.length && { expiry: expiryChart(parts.expiry) }),
  };
}

function httpCharts(rows) {
  return Object.fromEntries(
    [...new Set(rows.map(({ framework }) => framework))].map((framework) => {
      const own = rows.filter((row) => row.framework === framework);
      const groups = Object.keys(WORK)
        .filter((work) => work !== 'itself')
        .map((work) => ({ title: capital(WORK[work]), bars: barsOfBare(own, work) }));
      return [
        `http-${framework}`,
        {
          title: `${FRAMEWORKS[framework]}: requests a second that are left, bare = 1`,
          subtitle: `Longer is better. ${WHISKERS}. ${DOUBT}`,
          groups: withBars(groups),
          line: BARE_LINE,
        },
      ];
    }),
  );
}

function redisChart({ rows, redis }) {
  const groups = Object.entries(FRAMEWORKS).flatMap(([framework, name]) => {
    const own = rows.filter((row) => row.framework === framework);
    return ['read', 'write'].map((work) => ({
      title: `${name}, ${WORK[work]}`,
      bars: barsOfBare(own, work),
    }));
  });
  return {
    title: `Sessions in Redis ${redis}: requests a second that are left, bare = 1`,
    subtitle: `Longer is better. The peers use connect-redis. ${WHISKERS}. ${DOUBT}`,
    groups: withBars(groups),
    line: BARE_LINE,
  };
}

function barsOfBare(rows, work) {
  return rows
    .filter((row) => row.work === work && row.right === 'bare')
    .map(({ left, perSecond }) => ({
      label: left,
      isOurs: left === 'ours',
      ...perSecond,
      text: showSummary(perSecond) + doubt(verdict(perSecond, itselfOn(rows)?.perSecond)),
    }));
}

function processChart(rows) {
  const counts = rows.map(({ count }) => count);
  // Where it is in the report, the number that a process is most likely to have.
  const count = counts.includes(100_000) ? 100_000 : Math.max(...counts);
  const measured = rows.filter((row) => row.count === count);
  const operations = operationsOf(measured).filter((name) =>
    measured.some((row) => isPeer(row.name) && operationsOf([row]).includes(name)),
  );
  const groups = operations.map((operation) => ({
    title: capital(operation),
    bars: measured
      .filter((row) => operationsOf([row]).includes(operation))
      .map((row) => {
        const unit = operation.includes('bytes') ? 'bytes' : 'ns';
        return barBesideOurs(row.name, processFigure(rows, row, operation), unit);
      }),
  }));
  return {
    title: `In the process, with ${count.toLocaleString('en')} sessions: CPU time and memory`,
    subtitle: `Shorter is better. Each group has a scale of its own. ${WHISKERS}. ${DOUBT}`,
    groups: withBars(groups),
  };
}

function expiryChart({ count, rows }) {
  const ours = rows.find(({ name }) => name === 'ours');
  const groups = ['all ended after', 'longest pause'].map((figure) => ({
    title: capital(figure),
    bars: rows.map((row) =>
      barBesideOurs(row.name, besideOurs(row, ours, EXPIRY_FIGURES[figure]), 'ms'),
    ),
  }));
  return {
    title: `${count.toLocaleString('en')} sessions due at the same instant`,
    subtitle: `Shorter is better. Each group has a scale of its own. ${WHISKERS}. ${DOUBT}`,
    groups,
  };
}

function barBesideOurs(name, { value, times }, unit) {
  const shown = `${Math.round(value.median).toLocaleString('en')} ${unit}`;
  const ratio = times && `, ${times.median.toFixed(1)}× ours${doubt(verdict(times))}`;
  return { label: name, isOurs: name === 'ours', ...value, text: `${shown}${ratio ?? ''}` };
}

function isPeer(name) {
  return name !== 'ours' && !isFloor(name);
}

function doubt(said) {
  return said === 'nothing' ? ' ?' : '';
}

function withBars(groups) {
  return groups.filter(({ bars }) => bars.length > 0);
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}
