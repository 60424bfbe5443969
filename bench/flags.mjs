import { parseArgs } from 'node:util';

const USAGE = `npm run bench -- [--quick] [--part NAME]… [--json FILE] [--pairs N]
  --quick      a few minutes: fewer comparisons and sessions, noisier figures
  --part NAME  only this part, which may be given several times: %PARTS%
  --json FILE  writes every single measurement there, too
  --pairs N    how often the two sides of an http comparison take turns (15; 3 with --quick)`;

/** Reads the command line; what it does not know ends the process with what there is. */
export function readFlags(parts, args = process.argv.slice(2)) {
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
    if (pairs !== undefined && !(Number.isSafeInteger(pairs) && pairs > 0)) {
      throw new Error(`--pairs takes a whole number, not '${values.pairs}'.`);
    }
    return { isQuick: values.quick, parts: values.part, json: values.json, pairs };
  } catch (error) {
    console.error(`${error.message}\n\n${USAGE.replace('%PARTS%', parts.join(', '))}`);
    process.exit(2);
  }
}
