import { TurnoverMap } from '../store/turnover-map.js';

/** How many requests there are whose session is on its way from the store, by its key. */
export class Arrivals {
  readonly #underWay = new TurnoverMap<number>();

  has(key: string): boolean {
    return this.#underWay.has(key);
  }

  begin(key: string): void {
    this.#underWay.set(key, (this.#underWay.get(key) ?? 0) + 1);
  }

  end(key: string): void {
    const others = (this.#underWay.get(key) ?? 1) - 1;
    if (others === 0) this.#underWay.delete(key);
    else this.#underWay.set(key, others);
  }
}
