/**
 * How many requests there are whose session is on its way from the store, by what the store knows that
 * by. Numbers, and not the requests themselves: a table that is always in use is copied again and again,
 * and what stood in an outgrown one is garbage that only a full collection finds.
 */
export class Arrivals {
  readonly #underWay = new Map<string, number>();

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
