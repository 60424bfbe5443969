import { BareSessions } from '../support/bare-sessions.mjs';
import { since } from './since.mjs';

/** How long it keeps others waiting at a time, in milliseconds: as long as the library does. */
const SLICE = 5;

/** Bare sessions that are ended one after the other, and something else between slices of that. */
export function create(count) {
  const all = new BareSessions();
  let ended = 0;
  const tell = () => ended++;
  const due = Array.from({ length: count }, () => Object.assign(all.make(), { callback: tell }));
  return (now) =>
    new Promise((resolve) => {
      const start = now();
      const endSome = () => {
        const end = performance.now() + SLICE;
        while (ended < count && performance.now() < end) all.end(due[ended], 'idle');
        if (ended < count) setTimeout(endSome);
        else resolve(since(start, now()));
      };
      endSome();
    });
}
