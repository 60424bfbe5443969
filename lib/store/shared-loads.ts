import { TurnoverMap } from './turnover-map.js';

/**
 * Lets those who ask for the same at the same time share one answer, and never an old one: who comes
 * while an answer is under way, which may have been given before they asked, shares the next. Where the
 * first fails, so do those who wait for it: they must not wait twice as long as an operation may take.
 */
export class SharedLoads<T> {
  readonly #underWay = new TurnoverMap<Promise<T>>();
  /** Those that begin when what is under way is there: few, and for a moment. */
  readonly #next = new TurnoverMap<Promise<T>>();

  get(key: string, load: () => Promise<T>): Promise<T> {
    const underWay = this.#underWay.get(key);
    if (underWay === undefined) return this.#begin(key, load);
    const known = this.#next.get(key);
    if (known !== undefined) return known;
    const next = underWay.then(() => {
      this.#next.delete(key);
      return this.#begin(key, load);
    });
    this.#next.set(key, next);
    return next;
  }

  #begin(key: string, load: () => Promise<T>): Promise<T> {
    const loading = load();
    this.#underWay.set(key, loading);
    loading.then(
      () => {
        // Until the next one begins, who comes shares that.
        if (!this.#next.has(key)) this.#underWay.delete(key);
      },
      () => {
        this.#underWay.delete(key);
        this.#next.delete(key);
      },
    );
    return loading;
  }
}
