/** Of how many ends a node knows at least that it has told of them. */
const MEMORY = 10_000;

/**
 * The ends that a node has told of, as far back as an answer may be late: one that was given before the
 * end brings no session back, and an end that an answer speaks of is not told again by its event.
 */
export class ToldEnds {
  #recent = new Map<string, string>();
  #older = new Map<string, string>();

  /** Why the session with a handle has ended; `undefined` where nobody was told of it. */
  reasonOf(id: string): string | undefined {
    return this.#recent.get(id) ?? this.#older.get(id);
  }

  add(id: string, reason: string): void {
    this.#recent.set(id, reason);
    if (this.#recent.size < MEMORY) return;
    this.#older = this.#recent;
    this.#recent = new Map();
  }
}
