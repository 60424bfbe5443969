import { TurnoverMap } from './turnover-map.js';

/** The loads of one key: the one that is under way, and the one that follows it. */
interface Loads<T> {
  current: Promise<T>;
  next: Promise<T> | undefined;
}

/**
 * Lets those who ask for the same at the same time share one answer, and never an old one: who comes
 * while an answer is under way, which may have been given before they asked, shares the next. Where the
 * first fails, so do those who wait for it: they must not wait twice as long as an operation may take.
 */
export class SharedLoads<T> {
  readonly #loads = new TurnoverMap<Loads<T>>();

  get(key: string, load: () => Promise<T>): Promise<T> {
    const loads = this.#loads.get(key);
    if (loads === undefined) return this.#begin(key, load);
    const again = (): Promise<T> => this.#begin(key, load);
    loads.next ??= loads.current.then(again);
    return loads.next;
  }

  #begin(key: string, load: () => Promise<T>): Promise<T> {
    const loads: Loads<T> = { current: load(), next: undefined };
    this.#loads.set(key, loads);
    const forget = (): void => {
      if (this.#loads.get(key) === loads) this.#loads.delete(key);
    };
    const done = (): void => {
      if (loads.next === undefined) forget();
    };
    loads.current.then(done, forget);
    return loads.current;
  }
}
