import { DeadlineHeap } from './deadline-heap.js';

/** How much of the line may have gone before those who are left move up. */
const GONE = 1024;

/**
 * Items in the order of their deadlines, and of their arrival where deadlines are equal.
 *
 * Sessions mostly have the same time-out, so most come in that order already: they stand in line. What
 * is due before the last in line goes into a heap.
 *
 * What it holds for an item is a *lower bound* of its deadline: when a deadline moves later, nothing is
 * done until the item comes up, and then {@link postpone} files it again. So moving a deadline costs the
 * queue nothing.
 */
export class DeadlineQueue<T> {
  #line: (T | undefined)[] = [];
  /** The lower bounds of those in line. */
  #bounds: number[] = [];
  /** Where the line begins: those before have gone. */
  #first = 0;
  readonly #others = new DeadlineHeap<T>();

  get size(): number {
    return this.#line.length - this.#first + this.#others.size;
  }

  /** The earliest lower bound, or `undefined` when empty. */
  get next(): number | undefined {
    return this.#isLineNext() ? this.#bounds[this.#first] : this.#others.next;
  }

  /** The item with the earliest lower bound. */
  peek(): T | undefined {
    return this.#isLineNext() ? this.#line[this.#first] : this.#others.peek();
  }

  push(item: T, bound: number): void {
    const last = this.#bounds[this.#bounds.length - 1];
    if (last !== undefined && bound < last) return this.#others.push(item, bound);
    this.#line.push(item);
    this.#bounds.push(bound);
  }

  /** Takes the first item out. */
  pop(): T | undefined {
    if (!this.#isLineNext()) return this.#others.pop();
    const item = this.#line[this.#first];
    this.#line[this.#first++] = undefined;
    if (this.#first === this.#line.length || this.#first >= GONE) this.#moveUp();
    return item;
  }

  /** Files the first item again, under a later bound. */
  postpone(bound: number): void {
    const item = this.pop();
    if (item !== undefined) this.push(item, bound);
  }

  clear(): void {
    this.#line = [];
    this.#bounds = [];
    this.#first = 0;
    this.#others.clear();
  }

  /** Of two with the same bound the one in line came first: after it the other would be in line, too. */
  #isLineNext(): boolean {
    const inLine = this.#bounds[this.#first];
    const other = this.#others.next;
    return inLine !== undefined && (other === undefined || inLine <= other);
  }

  #moveUp(): void {
    if (2 * this.#first < this.#line.length) return;
    this.#line.splice(0, this.#first);
    this.#bounds.splice(0, this.#first);
    this.#first = 0;
  }
}
