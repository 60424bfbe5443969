import { WORK } from '../http/comparisons.mjs';
import { BYTES } from '../process/process.mjs';
import { FRAMEWORKS } from './charts.mjs';
import { judge } from './judge.mjs';
import { expiryPoint, operationPoint, peerPoint, requestPoint } from './points.mjs';
import { tableOf } from './tables.mjs';

/** The least that is to be left of bare's requests/s, and the least multiple of a peer's. */
const REQUESTS = {
  http: {
    fastify: {
      unused: { bare: 0.98 },
      read: { bare: 0.92, '@fastify/session': 2.8 },
      write: { bare: 0.88, '@fastify/session': 2.8 },
      constructor: { bare: 0.8, 'nestjs-cls': 2.2, 'a request-scoped provider': 2.2 },
    },
    express: {
      read: { bare: 0.94, 'express-session': 1.7 },
      write: { bare: 0.92, 'express-session': 1.7 },
      constructor: { bare: 0.91, 'nestjs-cls': 1.3, 'a request-scoped provider': 1.3 },
    },
  },
  stores: {
    fastify: {
      read: { bare: 0.55, '@fastify/session': 2.4 },
      write: { bare: 0.4, '@fastify/session': 2 },
    },
    express: {
      read: { bare: 0.8, 'express-session': 1.6 },
      write: { bare: 0.65, 'express-session': 1.4 },
    },
  },
};

/** The most that an operation may take with so many sessions, and the least number of times that a peer takes. */
const OPERATIONS = {
  'touch in order': { most: forAll(40) },
  'touch in random order': { most: { 1_000_000: 120 } },
  make: { most: forAll(2500), peers: { Twisted: 8, 'express-session': 3 } },
  'find by uid and touch': {
    most: { 1000: 350, 100_000: 600, 1_000_000: 1600 },
    peers: { Twisted: 2, 'express-session': 10 },
  },
  'component without state, first': { most: forAll(1000) },
  'component without state, again, of 50 in use': { most: forAll(30) },
  'component with state, first': { most: forAll(1000) },
  'component with state, again, of 50 in use': { most: forAll(30) },
  end: { most: forAll(1500) },
  [BYTES]: { most: forAll(800) },
};

/** The most milliseconds, where so many sessions are due at once. */
const DUE = 1_000_000;
const EXPIRY = { 'all ended after': 2000, 'longest pause': 30 };

/** What this project asks of itself, as far as it was measured. */
export function targetsTable({ parts }) {
  const targets = [
    ...requestTargets(parts),
    ...operationTargets(parts.process?.rows ?? []),
    ...(parts.expiry?.count === DUE ? expiryTargets(parts.expiry.rows) : []),
  ].filter(({ points }) => points.length > 0);
  return tableOf(
    ['target', 'asked', 'measured', 'floor', 'times the floor', 'so'],
    targets.map((target) => [target.what, ...cellsOf(target), judge(target)]),
  );
}

function requestTargets(parts) {
  return Object.entries(REQUESTS).flatMap(([part, frameworks]) =>
    Object.entries(frameworks).flatMap(([framework, works]) => {
      const rows = parts[part]?.rows.filter((row) => row.framework === framework) ?? [];
      const where = `${FRAMEWORKS[framework]}, ${part === 'http' ? 'memory' : 'Redis'}`;
      return Object.entries(works).flatMap(([work, others]) =>
        Object.entries(others).map(([other, asked]) => ({
          what: `${where}, ${WORK[work]}, to ${other}`,
          isLeast: true,
          points: known([requestPoint(rows, work, other, asked)]),
        })),
      );
    }),
  );
}

function operationTargets(rows) {
  return Object.entries(OPERATIONS).flatMap(([operation, { most, peers = {} }]) => {
    const counts = Object.keys(most).map(Number);
    const at = counts.map((count) => count.toLocaleString('en')).join(' / ');
    const own = {
      what: `${operation}, at ${at}`,
      unit: operation === BYTES ? 'bytes' : 'ns',
      isLeast: false,
      points: known(counts.map((count) => operationPoint(rows, operation, count, most[count]))),
    };
    const besidePeers = Object.entries(peers).map(([peer, asked]) => ({
      what: `${operation}, at ${at}, ${peer} to ours`,
      isLeast: true,
      points: known(counts.map((count) => peerPoint(rows, operation, count, peer, asked))),
    }));
    return [own, ...besidePeers];
  });
}

function expiryTargets(rows) {
  return Object.entries(EXPIRY).map(([figure, asked]) => ({
    what: `${DUE.toLocaleString('en')} sessions due at once, ${figure}`,
    unit: 'ms',
    isLeast: false,
    points: known([expiryPoint(rows, figure, asked)]),
  }));
}

function cellsOf({ unit, isLeast, points }) {
  const whole = (value) => Math.round(value).toLocaleString('en');
  const show = unit === undefined ? (value) => value.toPrecision(3) : whole;
  const list = (values, shown) => {
    if (values.includes(undefined)) return '–';
    return new Set(values).size === 1 ? shown(values[0]) : values.map(shown).join(' / ');
  };
  const of = (name, shown = show) =>
    list(
      points.map((point) => point[name]),
      shown,
    );
  const asked = of('asked', unit === undefined ? String : whole);
  return [
    `${isLeast ? '≥' : '≤'} ${asked}${unit ? ` ${unit}` : ''}`,
    of('measured'),
    of('floor'),
    of('times', (value) => value.toFixed(2)),
  ];
}

function known(points) {
  return points.filter((point) => point !== undefined);
}

function forAll(most) {
  return { 1000: most, 100_000: most, 1_000_000: most };
}
