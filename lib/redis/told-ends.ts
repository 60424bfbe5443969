/** How many ends are remembered: more than are told anew where a node has to read events again. */
const MEMORY = 10_000;

/** Which ends this node has told of a moment ago, so that it tells none of them twice. */
export class ToldEnds {
  readonly #ids = new Set<string>();

  /** Whether that is news. */
  add(id: string): boolean {
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    if (this.#ids.size > MEMORY) for (const oldest of this.#ids) return this.#ids.delete(oldest);
    return true;
  }
}
