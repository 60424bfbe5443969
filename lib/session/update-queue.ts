/** Lets those who change one component wait for each other, first come, first served. */
export class UpdateQueue {
  readonly #tails = new WeakMap<object, Promise<unknown>>();

  async run<R>(component: object, update: () => Promise<R>): Promise<R> {
    const before = this.#tails.get(component);
    const turn = before === undefined ? update() : before.then(update, update);
    this.#tails.set(component, turn);
    try {
      return await turn;
    } finally {
      if (this.#tails.get(component) === turn) this.#tails.delete(component);
    }
  }
}
