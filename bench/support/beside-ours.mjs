import { ratios, showSummary, summary, verdict } from './statistics.mjs';

/**
 * A figure of a library, and how many times ours it is, where it is another's.
 *
 * @param {{ name: string, turns: object[] }} row
 * @param {{ name: string, turns: object[] } | undefined} ours
 * @param {(turn: object) => number} read
 */
export function besideOurs(row, ours, read) {
  const values = row.turns.map(read);
  const value = summary(values);
  if (ours === undefined || row === ours) return { value };
  return { value, times: ratios(values, ours.turns.map(read)) };
}

/** The two as `4,310 × 3.1 (2.9–3.3)`, with a `?` where the ratio says nothing. */
export function showBesideOurs({ value, times }) {
  const rounded = Math.round(value.median).toLocaleString('en');
  if (times === undefined) return rounded;
  const doubt = verdict(times) === 'nothing' ? '?' : ' ';
  return `${rounded} × ${showSummary(times, (ratio) => ratio.toFixed(1))}${doubt}`;
}
