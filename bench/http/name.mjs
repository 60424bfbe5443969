import { WORK } from './comparisons.mjs';

/** A comparison by name: `ours, state read`, to bare unless it says to whom. */
export function nameOf({ left, right, work }) {
  return `${left}, ${WORK[work]}${right === 'bare' ? '' : `, to ${right}`}`;
}
