/** How long a key that a rotation retired is remembered, in seconds: longer than requests are under way. */
const MEMORY = 60;

/**
 * The keys that rotations have retired a moment ago. They are dead; but a request that still brings one
 * may have crossed the response that brings the new one, and must not make its client forget that.
 */
export class RetiredKeys {
  /** When each is forgotten, in that order. */
  readonly #until = new Map<string, number>();

  /** @param now Unix seconds */
  add(key: string, now: number): void {
    for (const [old, until] of this.#until) {
      if (until > now) break;
      this.#until.delete(old);
    }
    this.#until.set(key, now + MEMORY);
  }

  /** @param now Unix seconds */
  has(key: string, now: number): boolean {
    return (this.#until.get(key) ?? 0) > now;
  }
}
