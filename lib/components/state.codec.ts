import { SessionStateError, SessionTooLargeError } from '../errors/session.errors.js';
import { type Fields, isPlainJson } from './plain-json.js';
import { revive } from './state.reviver.js';
import { type StateLimit, StateTagger } from './state.tagger.js';

/**
 * The state of a component as JSON text. Equal states whose keys come in the same order give equal
 * texts, so comparing texts tells whether a state has changed.
 *
 * Carried without loss: what JSON carries, and Date, Map, Set, bigint, NaN, ±Infinity, -0,
 * `undefined`, keys named `__proto__`, lone surrogates. An object without a prototype comes back as a
 * plain one; an object that is referred to twice comes back as two equal ones. As in JSON, an object
 * is its own enumerable properties and an array its elements; a getter is stored as its value.
 *
 * Refused, because it would not come back as it was: functions, symbols, instances of any other
 * class (also those with `toJSON`), holes in arrays, cycles, nesting of more than 100 levels.
 *
 * Throws {@link SessionStateError} with the path to what is refused, {@link SessionTooLargeError}
 * where the text has more than `maxBytes` bytes of UTF-8. A state that is far too large is not
 * written to its end, nor walked to it.
 */
export function encodeState(state: Fields, limit: StateLimit): string {
  const text = plainText(state, limit) ?? JSON.stringify(new StateTagger(limit).tag(state));
  if (exceeds(text, limit.maxBytes)) throw new SessionTooLargeError(limit.name, limit.maxBytes);
  return text;
}

/**
 * The state whose text this is: the inverse of {@link encodeState}. Only data comes back, never an
 * instance of a class that the text names; a key `__proto__` comes back as an own property.
 *
 * Throws {@link SessionStateError} with a cause where the text is truncated or not ours.
 *
 * @param name what the path in the error begins with: the component's name
 */
export function decodeState(text: string, name = 'state'): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(text);
    // A tag's key begins with $. Most states have no such string in them, and are ready by now.
    const state = text.includes('"$') ? revive(json) : json;
    if (isState(state)) return state;
    throw new TypeError('The text holds no object.');
  } catch (error) {
    throw new SessionStateError(
      name,
      'cannot be restored: its stored text is truncated, or was not written by this library.',
      error,
    );
  }
}

/** The text of a state that needs no tags, by the native writer alone. */
function plainText(state: Fields, limit: StateLimit): string | undefined {
  try {
    return isPlainJson(state, limit.maxBytes) ? JSON.stringify(state) : undefined;
  } catch {
    // A getter or a proxy threw. The tagger meets it again and knows the path.
    return undefined;
  }
}

function exceeds(text: string, maxBytes: number): boolean {
  // A UTF-16 unit takes at most three bytes of UTF-8.
  return text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes;
}

function isState(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  return Object.getPrototypeOf(value) === Object.prototype;
}
