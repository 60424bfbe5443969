/** Lets those who change the same components wait for each other, first come, first served. */
export class UpdateQueue {
  readonly #tails = new WeakMap<object, Promise<void>>();

  /** @param components all that the update may change */
  async run<R>(components: readonly object[], update: () => Promise<R>): Promise<R> {
    const before = components.flatMap((component) => this.#tails.get(component) ?? []);
    let leave = (): void => {};
    const turn = new Promise<void>((resolve) => {
      leave = resolve;
    });
    // Before it begins: what it asks for itself waits as all else does, whether or not it had to wait.
    for (const component of components) this.#tails.set(component, turn);
    try {
      if (before.length > 0) await Promise.all(before);
      return await update();
    } finally {
      for (const component of components) {
        if (this.#tails.get(component) === turn) this.#tails.delete(component);
      }
      leave();
    }
  }
}
