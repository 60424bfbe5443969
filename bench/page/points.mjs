import { EXPIRY_FIGURES } from '../expiry/expiry.mjs';
import { operationsOf, processFigure } from '../process/process.mjs';
import { besideOurs } from '../support/beside-ours.mjs';

/*
 * What a report says to one target: what was asked and measured, what the floor comes to by the same measure, and how
 * many times what the floor takes ours does. Nothing where it was not measured; no floor where there is none.
 */

/** Requests/s that are left of those of another, on the framework that these rows are of. */
export function requestPoint(rows, work, other, asked) {
  const share = (left, right) =>
    rows.find((row) => row.work === work && row.left === left && row.right === right)?.perSecond
      .median;
  const measured = share('ours', other);
  if (measured === undefined) return undefined;
  const point = ratioPoint(asked, measured, share('ours', 'floor'));
  return { ...point, floor: share('floor', other) ?? point.floor };
}

/** What an operation takes with so many sessions. */
export function operationPoint(rows, operation, count, asked) {
  const [ours, floor] = ['ours', 'floor'].map((name) => figureOf(rows, operation, count, name));
  return ours && ownPoint(asked, ours, floor);
}

/** How many times ours an operation takes in a peer. */
export function peerPoint(rows, operation, count, peer, asked) {
  const [times, floor] = [peer, 'floor'].map(
    (name) => figureOf(rows, operation, count, name)?.times?.median,
  );
  return times && ratioPoint(asked, times, floor);
}

/** A figure of very many sessions that are due at once. */
export function expiryPoint(rows, figure, asked) {
  const [ours, floor] = ['ours', 'floor'].map((name) => rows.find((row) => row.name === name));
  const read = (row) => row && besideOurs(row, ours, EXPIRY_FIGURES[figure]);
  return ours && ownPoint(asked, read(ours), read(floor));
}

function ownPoint(asked, ours, floor) {
  return {
    asked,
    measured: ours.value.median,
    floor: floor?.value.median,
    times: floor && 1 / floor.times.median,
  };
}

/** A multiple of ours; that of the floor follows from what share of ours it takes. */
function ratioPoint(asked, measured, share) {
  return { asked, measured, floor: share && measured / share, times: share && 1 / share };
}

function figureOf(rows, operation, count, name) {
  const row = rows.find((other) => other.name === name && other.count === count);
  if (row === undefined || !operationsOf([row]).includes(operation)) return undefined;
  return processFigure(rows, row, operation);
}
