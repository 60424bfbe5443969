import { whyNotWith } from './packages.mjs';
import { progress } from './table.mjs';

/**
 * Measures several libraries in turns, A B C A B C …, each time in a fresh process.
 *
 * @param {string} part
 * @param {{ name: string, needs?: string[], whyNot?: string, measure: () => Promise<object> }[]} subjects
 * @param {number} rounds
 */
export async function measureInRounds(part, subjects, rounds) {
  const measured = new Map();
  const leftOut = new Map();
  for (let round = 1; round <= rounds; round++) {
    for (const { name, needs = [], whyNot = whyNotWith(needs), measure } of subjects) {
      if (whyNot !== undefined) leftOut.set(name, whyNot);
      if (leftOut.has(name)) continue;
      progress(`${part}: ${name}, ${round} of ${rounds}`);
      try {
        measured.set(name, [...(measured.get(name) ?? []), await measure()]);
      } catch (error) {
        // The others are not thrown away for one; but the run has failed.
        process.exitCode = 1;
        leftOut.set(name, `failed: ${error.message}`);
        measured.delete(name);
      }
    }
  }
  progress('');
  return {
    rows: [...measured].map(([name, turns]) => ({ name, turns })),
    leftOut: [...leftOut].map(([what, why]) => ({ what, why })),
  };
}
