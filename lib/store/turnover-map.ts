/** How many entries go, at the least, before the table is left behind. */
const LIFETIME = 256;

/**
 * A map whose entries stay for a moment only, as those of what is under way do.
 *
 * V8 copies the table of a map that is always in use again and again, and each outgrown table refers to
 * the next one. Once one of them has lived long enough to be left to the full collections, so are all
 * that come after it, and what stood in them. Hence the map is now and then left behind as a whole.
 */
export class TurnoverMap<V> {
  #entries = new Map<string, V>();
  #gone = 0;

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  get(key: string): V | undefined {
    return this.#entries.get(key);
  }

  set(key: string, value: V): void {
    this.#entries.set(key, value);
  }

  delete(key: string): void {
    if (!this.#entries.delete(key) || ++this.#gone < Math.max(LIFETIME, this.#entries.size)) return;
    this.#entries = new Map(this.#entries);
    this.#gone = 0;
  }
}
