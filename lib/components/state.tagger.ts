import { types } from 'node:util';
import { SessionStateError, SessionTooLargeError } from '../errors/session.errors.js';
import { type Fields, isJsonNumber, MAX_DEPTH } from './plain-json.js';
import { classNameOf, isDirectInstance, isPlainObject } from './state.kinds.js';

/** How large a state may be, and what it is called in errors. */
export interface StateLimit {
  /** The component's name: errors and the paths in them begin with it. */
  readonly name: string;
  /** The most bytes of UTF-8 that the text of the state may have. */
  readonly maxBytes: number;
}

/**
 * Turns one state into what plain JSON carries, or refuses it with the path and the cure.
 *
 * What JSON would lose becomes a tag, an object whose only key begins with `$`:
 * `{"$date":0}`, `{"$date":null}` (invalid), `{"$map":[[key,value]]}`, `{"$set":[item]}`,
 * `{"$bigint":"1"}`, `{"$number":"NaN"}` (also `Infinity`, `-Infinity`, `-0`), `{"$undefined":true}`.
 * An object of the user's whose only key begins with `$` gets one more `$` there.
 *
 * A tagger is used once. It stops as soon as the state cannot fit any more, however large it is.
 */
export class StateTagger {
  /** The way from the state to the value at hand, for {@link SessionStateError.path}. */
  readonly #trail: (string | number)[] = [];
  /** The containers on that way, to find cycles. */
  readonly #open: object[] = [];
  /** The bytes that are left, if every value takes the fewest that it can. */
  #left: number;

  constructor(private readonly limit: StateLimit) {
    this.#left = limit.maxBytes;
  }

  /** Throws {@link SessionStateError} or {@link SessionTooLargeError}, and nothing else. */
  tag(state: object): unknown {
    try {
      return isPlainObject(state) ? this.#container(state) : this.#refuseInstance(state);
    } catch (error) {
      if (error instanceof SessionStateError || error instanceof SessionTooLargeError) throw error;
      return this.#refuse('cannot be read: its getter or proxy threw. Store a plain value.', error);
    }
  }

  #value(value: unknown): unknown {
    this.#spend(1);
    switch (typeof value) {
      case 'string':
        this.#spend(value.length);
        return value;
      case 'number':
        if (isJsonNumber(value)) return value;
        return { $number: Object.is(value, -0) ? '-0' : String(value) };
      case 'bigint':
        this.#spendDigits(value);
        return { $bigint: String(value) };
      case 'undefined':
        return { $undefined: true };
      case 'function':
        return this.#refuse('is a function: leave it out of the state, or make it a method.');
      case 'symbol':
        return this.#refuse('is a symbol: store a string in its place.');
      case 'object':
        return value === null ? null : this.#container(value);
      default:
        return value;
    }
  }

  #container(value: object): unknown {
    if (this.#open.includes(value)) {
      this.#refuse('leads back to an object that it is part of: store an id in its place.');
    }
    if (this.#open.length === MAX_DEPTH) {
      this.#refuse(`is nested more than ${MAX_DEPTH} levels deep: store a flatter structure.`);
    }
    this.#open.push(value);
    const content = this.#content(value);
    this.#open.pop();
    return content;
  }

  #content(value: object): unknown {
    if (isDirectInstance(value) && types.isDate(value)) return { $date: value.getTime() };
    if ('toJSON' in value && typeof value.toJSON === 'function') {
      this.#refuse('has a method toJSON: store what that returns, and build it anew from there.');
    }
    if (isPlainObject(value)) return this.#fields(value);
    if (isDirectInstance(value)) {
      if (Array.isArray(value)) return this.#items(value);
      if (types.isMap(value)) return { $map: this.#entries(value) };
      if (types.isSet(value)) return { $set: this.#sequence('values()', value) };
    }
    return this.#refuseInstance(value);
  }

  #fields(source: Fields): object {
    const [symbol] = Object.getOwnPropertySymbols(source);
    if (symbol !== undefined) this.#refuse(`has the key ${String(symbol)}: use a string as key.`);
    const keys = Object.keys(source);
    const escape = keys.length === 1 && keys[0]?.startsWith('$') ? '$' : '';
    // Without a prototype `__proto__` is a key like any other.
    const fields: Record<string, unknown> = Object.create(null);
    for (const key of keys) {
      this.#spend(key.length + 4);
      this.#trail.push(key);
      fields[escape + key] = this.#value(source[key]);
      this.#trail.pop();
    }
    return fields;
  }

  #items(source: readonly unknown[]): unknown[] {
    const items: unknown[] = [];
    for (let index = 0; index < source.length; index++) {
      this.#trail.push(index);
      if (!Object.hasOwn(source, index)) {
        this.#refuse('is a hole in the array: put undefined or null there.');
      }
      this.#spend(1);
      items.push(this.#value(source[index]));
      this.#trail.pop();
    }
    return items;
  }

  #entries(source: ReadonlyMap<unknown, unknown>): unknown[] {
    const keys = this.#sequence('keys()', source.keys());
    const values = this.#sequence('values()', source.values());
    return keys.map((key, index) => [key, values[index]]);
  }

  #sequence(label: string, source: Iterable<unknown>): unknown[] {
    const items: unknown[] = [];
    for (const item of source) {
      this.#trail.push(label, items.length);
      this.#spend(1);
      items.push(this.#value(item));
      this.#trail.length -= 2;
    }
    return items;
  }

  #spend(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) throw new SessionTooLargeError(this.limit.name, this.limit.maxBytes);
  }

  /** Refuses a huge bigint by its bits: writing out its digits takes quadratic time. */
  #spendDigits(value: bigint): void {
    const bits = Math.min(this.limit.maxBytes * 4, Number.MAX_SAFE_INTEGER);
    if (BigInt.asIntN(bits, value) !== value) this.#spend(Infinity);
  }

  #refuseInstance(value: object): never {
    return this.#refuse(
      `is an instance of ${classNameOf(value)}: store what it is made of (strings, numbers, plain objects, arrays, Date, Map, Set) and build it anew from that.`,
    );
  }

  #refuse(problem: string, cause?: unknown): never {
    throw new SessionStateError(pathOf(this.limit.name, this.#trail), problem, cause);
  }
}

/** A way into a value, as one would write it: `cart.items[2]["unit price"].keys()[0]`. */
function pathOf(name: string, trail: readonly (string | number)[]): string {
  const steps = trail.map((step) => {
    if (typeof step === 'number') return `[${step}]`;
    return /^[\w$]+(?:\(\))?$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
  });
  return name + steps.join('');
}
