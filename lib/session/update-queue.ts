/** Lets those who change the same components wait for each other, first come, first served. */
export class UpdateQueue {
  readonly #tails = new WeakMap<object, Promise<unknown>>();

  /** @param components all that the update may change */
  async run<R>(components: readonly object[], update: () => Promise<R>): Promise<R> {
    const before = components.flatMap((component) => this.#tails.get(component) ?? []);
    const turn = before.length === 0 ? update() : Promise.allSettled(before).then(update);
    for (const component of components) this.#tails.set(component, turn);
    try {
      return await turn;
    } finally {
      for (const component of components) {
        if (this.#tails.get(component) === turn) this.#tails.delete(component);
      }
    }
  }
}
