import { WORK } from '../http/comparisons.mjs';
import { concludeFrom, itselfOn } from '../http/conclude.mjs';
import { EXPIRY_FIGURES } from '../expiry/expiry.mjs';
import { operationsOf, processFigure } from '../process/process.mjs';
import { besideOurs } from '../support/beside-ours.mjs';
import { isFloor } from '../support/floors.mjs';
import { showSummary, verdict } from '../support/statistics.mjs';
import { FRAMEWORKS } from './charts.mjs';
import { tableOf } from './tables.mjs';

/** What every library leaves of the bare framework's requests where a handler reads state. */
export function inShort({ parts }) {
  const columns = [
    ['memory', parts.http],
    ['Redis', parts.stores],
  ].flatMap(([where, part]) =>
    Object.entries(FRAMEWORKS).map(([framework, name]) => {
      const own = (part?.rows ?? []).filter((row) => row.framework === framework);
      return {
        title: `${name}, ${where}`,
        rows: own.filter(({ work, right }) => work === 'read' && right === 'bare'),
        itself: itselfOn(own),
      };
    }),
  );
  const measured = columns.filter(({ rows }) => rows.length > 0);
  const names = new Set(measured.flatMap(({ rows }) => rows.map(({ left }) => left)));
  const cell = (name, { rows, itself }) => {
    const row = rows.find(({ left }) => left === name);
    if (row === undefined) return '–';
    const doubt = verdict(row.perSecond, itself?.perSecond) === 'nothing' ? '?' : '';
    return `${showSummary(row.perSecond)}${doubt}`;
  };
  return tableOf(
    ['requests/s that are left', ...measured.map(({ title }) => title)],
    [...names].map((name) => [name, ...measured.map((column) => cell(name, column))]),
  );
}

/** Every figure in which a peer was better than ours, as far as anything can be concluded. */
export function whereOthersAreBetter({ parts }) {
  return [
    ...slower(parts.http?.rows ?? [], ''),
    ...slower(parts.stores?.rows ?? [], ', in Redis'),
    ...inProcess(parts.process?.rows ?? []),
    ...inExpiry(parts.expiry?.rows ?? []),
  ];
}

function slower(rows, where) {
  return rows
    .filter((row) => row.left === 'ours' && row.right !== 'bare' && !isFloor(row.right))
    .map((row) => ({ ...row, said: concludeFrom(row, rows) }))
    .filter(({ said }) => said.startsWith('slower'))
    .map(
      ({ framework, work, right, said, perSecond, perCpu }) =>
        `${right} on ${FRAMEWORKS[framework]}${where}, ${WORK[work]}: ours is ${said} ` +
        `(requests/s ${showSummary(perSecond)}, by CPU time ${showSummary(perCpu)}).`,
    );
}

function inProcess(rows) {
  const better = new Map();
  for (const row of rows.filter(({ name }) => !isFloor(name))) {
    for (const operation of operationsOf([row])) {
      const { times } = processFigure(rows, row, operation);
      if (times === undefined || verdict(times) !== 'less') continue;
      const name = `${row.name}, ${operation}`;
      const told = `${showSummary(times)} at ${row.count.toLocaleString('en')}`;
      better.set(name, [...(better.get(name) ?? []), told]);
    }
  }
  return [...better].map(([name, told]) => `${name}: times ours, ${told.join(', ')} sessions.`);
}

function inExpiry(rows) {
  const ours = rows.find(({ name }) => name === 'ours');
  const peers = rows.filter(({ name }) => !isFloor(name));
  return peers.flatMap((row) =>
    Object.entries(EXPIRY_FIGURES).flatMap(([figure, read]) => {
      const { times } = besideOurs(row, ours, read);
      if (times === undefined || verdict(times) !== 'less') return [];
      return [`${row.name}, sessions due at once, ${figure}: times ours, ${showSummary(times)}.`];
    }),
  );
}
