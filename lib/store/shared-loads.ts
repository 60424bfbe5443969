/** The loads of one key: the one that is under way, and the one that follows it. */
interface Loads<T> {
  current: Promise<T>;
  next: Promise<T> | undefined;
}

/**
 * Lets those who ask for the same at the same time share one answer, and never an old one: who comes
 * while an answer is under way, which may have been given before they asked, shares the next.
 */
export class SharedLoads<T> {
  readonly #loads = new Map<string, Loads<T>>();

  get(key: string, load: () => Promise<T>): Promise<T> {
    const loads = this.#loads.get(key);
    if (loads === undefined) return this.#begin(key, load);
    const again = (): Promise<T> => this.#begin(key, load);
    loads.next ??= loads.current.then(again, again);
    return loads.next;
  }

  #begin(key: string, load: () => Promise<T>): Promise<T> {
    const loads: Loads<T> = { current: load(), next: undefined };
    this.#loads.set(key, loads);
    const done = (): void => {
      if (this.#loads.get(key) === loads && loads.next === undefined) this.#loads.delete(key);
    };
    loads.current.then(done, done);
    return loads.current;
  }
}
