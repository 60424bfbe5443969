/** One item in its place: its deadline, and its turn among equals. */
interface Entry<T> {
  readonly item: T;
  readonly bound: number;
  readonly turn: number;
}

/** Items in the order of their deadlines, and of their arrival where deadlines are equal: a binary min-heap. */
export class DeadlineHeap<T> {
  #entries: Entry<T>[] = [];
  #turns = 0;

  get size(): number {
    return this.#entries.length;
  }

  /** The earliest lower bound, or `undefined` when empty. */
  get next(): number | undefined {
    return this.#entries[0]?.bound;
  }

  /** The item with the earliest lower bound. */
  peek(): T | undefined {
    return this.#entries[0]?.item;
  }

  push(item: T, bound: number): void {
    this.#rise(this.#entries.length, { item, bound, turn: this.#turns++ });
  }

  /** Takes the first item out. */
  pop(): T | undefined {
    const [first] = this.#entries;
    const last = this.#entries.pop();
    if (last !== undefined && last !== first) this.#sink(0, last);
    return first?.item;
  }

  clear(): void {
    this.#entries = [];
  }

  /** Moves a hole up to where the entry belongs, and fills it. */
  #rise(start: number, entry: Entry<T>): void {
    const entries = this.#entries;
    let hole = start;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const above = entries[parent];
      if (above === undefined || !isBefore(entry, above)) break;
      entries[hole] = above;
      hole = parent;
    }
    entries[hole] = entry;
  }

  /** Moves a hole down to where the entry belongs, and fills it. */
  #sink(start: number, entry: Entry<T>): void {
    const entries = this.#entries;
    let hole = start;
    for (;;) {
      const left = 2 * hole + 1;
      let child = entries[left];
      if (child === undefined) break;
      const right = entries[left + 1];
      const isRight = right !== undefined && isBefore(right, child);
      if (isRight) child = right;
      if (!isBefore(child, entry)) break;
      entries[hole] = child;
      hole = isRight ? left + 1 : left;
    }
    entries[hole] = entry;
  }
}

function isBefore(a: Entry<unknown>, b: Entry<unknown>): boolean {
  return a.bound < b.bound || (a.bound === b.bound && a.turn < b.turn);
}
