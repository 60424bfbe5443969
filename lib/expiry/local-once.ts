import { type Awaitable } from '../awaitable.js';

/** How long it is known that something was done, in seconds. */
const MEMORY = 7 * 86_400;

/** Knows what was done under a name, on this node, for a week. */
export class LocalOnce {
  /** When each is forgotten, in that order. */
  readonly #done = new Map<string, number>();
  readonly #underWay = new Map<string, Promise<unknown>>();

  /** @param now tells the time, in Unix seconds */
  constructor(private readonly now: () => number) {}

  /**
   * Runs a function, unless that was done before under this name. What fails may be run again: by one
   * of those who came meanwhile, who wait for how it ends.
   */
  async run(name: string, run: () => Awaitable<unknown>): Promise<boolean> {
    // After a failure the first who waited is under way before the next one looks.
    for (let other = this.#underWay.get(name); other !== undefined;) {
      await other.catch(() => {});
      other = this.#underWay.get(name);
    }
    this.#forget();
    if (this.#done.has(name)) return false;
    const work = Promise.resolve().then(run);
    this.#underWay.set(name, work);
    try {
      await work;
      this.#done.set(name, this.now() + MEMORY);
      return true;
    } finally {
      this.#underWay.delete(name);
    }
  }

  #forget(): void {
    const now = this.now();
    for (const [name, until] of this.#done) {
      if (until > now) return;
      this.#done.delete(name);
    }
  }
}
