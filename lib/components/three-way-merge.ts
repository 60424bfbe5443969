import { isDeepStrictEqual, types } from 'node:util';
import { type Fields } from './plain-json.js';
import { isPlainObject } from './state.kinds.js';

/** In place of a value where there is none. */
const ABSENT = Symbol('absent');

/** Both sides changed the same, and not in a way that could be put together. */
class MergeConflict extends Error {}

/**
 * Puts together what two sides have made of one state, `undefined` where that cannot be done.
 *
 * What only one side changed is taken from there: field by field, key by key of objects and maps, item
 * by item of arrays that kept their length. Items that both have appended to an array are all kept, the
 * saved ones first; of a set, what either has added or removed.
 *
 * What both changed is a conflict, also where both came to the same *number*: two who count to 2 have
 * counted three. The same text, date, boolean or `null` on both sides is no conflict.
 */
export function mergeStates(base: object, mine: object, saved: object): object | undefined {
  try {
    return merge(base, mine, saved) as object;
  } catch (error) {
    if (error instanceof MergeConflict) return undefined;
    throw error;
  }
}

function merge(base: unknown, mine: unknown, saved: unknown): unknown {
  if (isDeepStrictEqual(mine, base)) return saved;
  if (isDeepStrictEqual(saved, base)) return mine;
  if (types.isMap(mine) && types.isMap(saved)) return mergeMaps(asMap(base), mine, saved);
  if (types.isSet(mine) && types.isSet(saved)) return mergeSets(asSet(base), mine, saved);
  if (Array.isArray(mine) && Array.isArray(saved)) return mergeArrays(asArray(base), mine, saved);
  if (isFields(mine) && isFields(saved)) {
    const from = isFields(base) ? base : {};
    return fromEntries(mergeMaps(entriesOf(from), entriesOf(mine), entriesOf(saved)));
  }
  if (isCountable(mine) || !isDeepStrictEqual(mine, saved)) throw new MergeConflict();
  return saved;
}

function mergeMaps(
  base: ReadonlyMap<unknown, unknown>,
  mine: ReadonlyMap<unknown, unknown>,
  saved: ReadonlyMap<unknown, unknown>,
): Map<unknown, unknown> {
  const merged = new Map<unknown, unknown>();
  for (const key of new Set([...saved.keys(), ...mine.keys()])) {
    const value = merge(valueOf(base, key), valueOf(mine, key), valueOf(saved, key));
    if (value !== ABSENT) merged.set(key, value);
  }
  return merged;
}

function mergeSets(
  base: ReadonlySet<unknown>,
  mine: ReadonlySet<unknown>,
  saved: ReadonlySet<unknown>,
): Set<unknown> {
  const merged = new Set(saved);
  for (const item of mine) if (!base.has(item)) merged.add(item);
  for (const item of base) if (!mine.has(item)) merged.delete(item);
  return merged;
}

function mergeArrays(
  base: readonly unknown[],
  mine: readonly unknown[],
  saved: readonly unknown[],
): readonly unknown[] {
  if (isAppended(base, mine)) return [...saved, ...mine.slice(base.length)];
  if (isAppended(base, saved)) return [...mine, ...saved.slice(base.length)];
  if (mine.length !== base.length || saved.length !== base.length) throw new MergeConflict();
  return base.map((item, index) => merge(item, mine[index], saved[index]));
}

function isAppended(base: readonly unknown[], longer: readonly unknown[]): boolean {
  return isDeepStrictEqual(longer.slice(0, base.length), base);
}

function isCountable(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'bigint';
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && isPlainObject(value);
}

function valueOf(map: ReadonlyMap<unknown, unknown>, key: unknown): unknown {
  return map.has(key) ? map.get(key) : ABSENT;
}

function entriesOf(object: Fields): ReadonlyMap<unknown, unknown> {
  return new Map(Object.entries(object));
}

/** `__proto__` is a key like any other. */
function fromEntries(entries: ReadonlyMap<unknown, unknown>): object {
  return Object.fromEntries(entries as ReadonlyMap<string, unknown>);
}

function asMap(value: unknown): ReadonlyMap<unknown, unknown> {
  return types.isMap(value) ? value : new Map();
}

function asSet(value: unknown): ReadonlySet<unknown> {
  return types.isSet(value) ? value : new Set();
}

function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
