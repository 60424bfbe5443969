import { parseArgs } from 'node:util';

const USAGE = `npm run bench -- [--quick] [--part NAME]… [--json FILE] [--pairs N]
  --quick      two minutes: fewer comparisons and sessions, shorter turns, noisier figures
  --part NAME  only this part, which may be given several times: %PARTS%
  --json FILE  writes every single measurement there, too
  --pairs N    how often the sides of a comparison take turns
               (11 in http and stores, 5 in process and expiry; 3 with --quick)
npm run bench:page -- [FILE] draws docs/benchmarks.md from such a file.`;

const LEAST_PAIRS = 3;

/**
 * Reads the command line; what it does not know is an error that says what there is.
 *
 * @param {string[]} parts
 * @param {string[]} args
 */
export function parseFlags(parts, args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        quick: { type: 'boolean', default: false },
        part: { type: 'string', multiple: true, default: parts },
        json: { type: 'string' },
        pairs: { type: 'string' },
      },
    });
    const unknown = values.part.find((name) => !parts.includes(name));
    if (unknown !== undefined) throw new Error(`There is no part '${unknown}'.`);
    const pairs = values.pairs === undefined ? undefined : Number(values.pairs);
    if (pairs !== undefined && !(Number.isSafeInteger(pairs) && pairs >= LEAST_PAIRS)) {
      const takes = `a whole number from ${LEAST_PAIRS}`;
      throw new Error(`--pairs takes ${takes}, not '${values.pairs}': fewer have no spread.`);
    }
    return { isQuick: values.quick, parts: values.part, json: values.json, pairs };
  } catch (error) {
    throw new Error(`${error.message}\n\n${USAGE.replace('%PARTS%', parts.join(', '))}`, {
      cause: error,
    });
  }
}
