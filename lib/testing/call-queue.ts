/** What a {@link CallQueue} holds. */
export interface QueuedCall {
  /** Returns when the call is due. */
  getTime(): number;

  /** Its place among calls that are due at the same time. */
  readonly order: number;

  /** Where it stands in the queue, or -1; the queue's own. */
  position: number;
}

/**
 * Calls by the time they are due, then by their order: a binary heap, in which each call knows its
 * place, so that adding, moving and removing one of n calls takes O(log n).
 */
export class CallQueue<Call extends QueuedCall> {
  readonly #heap: Call[] = [];
  #sorted: readonly Call[] | undefined;

  /** Returns the calls in order: O(n log n) after a change, at once otherwise. */
  sorted(): readonly Call[] {
    this.#sorted ??= Object.freeze([...this.#heap].sort((a, b) => (isBefore(a, b) ? -1 : 1)));
    return this.#sorted;
  }

  /** Returns the call that is due first. */
  first(): Call | undefined {
    return this.#heap[0];
  }

  /** Adds a call, or gives one that is here the place that its new time asks for. */
  put(call: Call): void {
    this.#sorted = undefined;
    if (call.position < 0) call.position = this.#heap.length;
    this.#rise(call);
    this.#sink(call);
  }

  /** Removes a call; one that is not here stays away. */
  remove(call: Call): void {
    const gap = call.position;
    if (gap < 0) return;

    call.position = -1;
    this.#sorted = undefined;
    const last = this.#heap.pop();
    if (last === undefined || last === call) return;
    last.position = gap;
    this.put(last);
  }

  #rise(call: Call): void {
    let at = call.position;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = this.#heap[above];
      if (parent === undefined || !isBefore(call, parent)) break;
      this.#place(parent, at);
      at = above;
    }
    this.#place(call, at);
  }

  #sink(call: Call): void {
    let at = call.position;
    for (;;) {
      const child = this.#firstChild(at);
      if (child === undefined || !isBefore(child, call)) break;
      const below = child.position;
      this.#place(child, at);
      at = below;
    }
    this.#place(call, at);
  }

  #firstChild(at: number): Call | undefined {
    const left = this.#heap[2 * at + 1];
    const right = this.#heap[2 * at + 2];
    return left !== undefined && right !== undefined && isBefore(right, left) ? right : left;
  }

  #place(call: Call, at: number): void {
    this.#heap[at] = call;
    call.position = at;
  }
}

function isBefore(a: QueuedCall, b: QueuedCall): boolean {
  const dueA = a.getTime();
  const dueB = b.getTime();
  return dueA === dueB ? a.order < b.order : dueA < dueB;
}
