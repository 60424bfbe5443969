import { type Holder } from './http-exchange.js';

/**
 * What belongs to one response: a property of it under a symbol, or an entry beside it.
 *
 * On Node's own objects a property costs nothing, and a `WeakMap` of all of them much, since the garbage
 * collector goes through it. Express gives each of them another prototype; from then on every property
 * that is added costs microseconds, because V8 makes a shape for each object anew. There it is beside.
 */
export class Attachment<T extends object> {
  readonly #symbol: symbol;
  #beside: WeakMap<object, T> | undefined;

  constructor(
    name: string,
    private readonly isOne: (value: unknown) => value is T,
  ) {
    this.#symbol = Symbol(name);
  }

  /** From now on nothing is put on the objects themselves. */
  keepBeside(): void {
    this.#beside = new WeakMap();
  }

  get(object: Holder): T | undefined {
    if (this.#beside !== undefined) return this.#beside.get(object);
    const value = object[this.#symbol];
    return this.isOne(value) ? value : undefined;
  }

  set(object: Holder, value: T): void {
    if (this.#beside === undefined) object[this.#symbol] = value;
    else this.#beside.set(object, value);
  }
}
