import { type Awaitable } from '../awaitable.js';

/** How long it is known that something was done, in seconds. */
const MEMORY = 7 * 86_400;

/** Knows what was done under a name, on this node, for a week. */
export class LocalOnce {
  /** When each is forgotten, in that order; `undefined` while it is being done. */
  readonly #done = new Map<string, number | undefined>();

  /** @param now tells the time, in Unix seconds */
  constructor(private readonly now: () => number) {}

  /** Runs a function, unless that was done before under this name. What fails may be run again. */
  async run(name: string, run: () => Awaitable<unknown>): Promise<boolean> {
    this.#forget();
    if (this.#done.has(name)) return false;
    this.#done.set(name, undefined);
    try {
      await run();
    } catch (error) {
      this.#done.delete(name);
      throw error;
    }
    this.#done.delete(name);
    this.#done.set(name, this.now() + MEMORY);
    return true;
  }

  #forget(): void {
    const now = this.now();
    for (const [name, until] of this.#done) {
      if (until !== undefined && until > now) return;
      if (until !== undefined) this.#done.delete(name);
    }
  }
}
