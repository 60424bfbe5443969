/** The deepest that values may be nested: the state itself is the first level. */
export const MAX_DEPTH = 100;

/** A plain object: what it holds is not known yet. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * Whether plain JSON carries this object as it is, in at most `maxBytes` bytes as far as can be told
 * without writing it. `false` says "look closer", not "wrong": a Date, a cycle and a state that is
 * too large all end up there.
 *
 * This runs for every component of every request that used one, so it allocates nothing, keeps no
 * path, and stops at the first doubt.
 */
export function isPlainJson(value: object, maxBytes: number): boolean {
  return isLiteral(value) && spendFields(value, maxBytes, 1) >= 0;
}

/**
 * What is left of `budget` after the fewest bytes that the value can take; negative where the value
 * is not plain or the budget is used up. It never counts a byte too many: a UTF-16 unit takes at
 * least one byte of UTF-8, a member takes its comma or its closing bracket.
 */
function spend(value: unknown, budget: number, depth: number): number {
  switch (typeof value) {
    case 'string':
      return budget - value.length - 2;
    case 'number':
      return isJsonNumber(value) ? budget - 1 : -1;
    case 'boolean':
      return budget - 4;
    case 'object':
      if (value === null) return budget - 4;
      if (depth === MAX_DEPTH || budget < 0) return -1;
      if (Array.isArray(value)) return spendItems(value, budget, depth + 1);
      return isLiteral(value) ? spendFields(value, budget, depth + 1) : -1;
    default:
      return -1;
  }
}

function spendItems(value: readonly unknown[], budget: number, depth: number): number {
  if (Object.getPrototypeOf(value) !== Array.prototype || 'toJSON' in value) return -1;
  let left = budget - 1;
  for (let index = 0; left >= 0 && index < value.length; index++) {
    left = spend(value[index], left - 1, depth);
  }
  return left;
}

function spendFields(value: Fields, budget: number, depth: number): number {
  if ('toJSON' in value || Object.getOwnPropertySymbols(value).length > 0) return -1;
  let left = budget - 1;
  // An inherited key is counted, too: no plain object has one, and a wrong doubt costs time only.
  for (const key in value) {
    if (left < 0 || key.startsWith('$')) return -1;
    left = spend(value[key], left - key.length - 4, depth);
  }
  return left;
}

function isLiteral(value: object): value is Fields {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether JSON carries the number: not NaN, not infinite, not -0. */
export function isJsonNumber(value: number): boolean {
  return Number.isFinite(value) && !Object.is(value, -0);
}
