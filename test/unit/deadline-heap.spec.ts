import fc from 'fast-check';
import { DeadlineHeap } from '../../lib/store/deadline-heap.js';

function setup(...bounds: number[]) {
  const heap = new DeadlineHeap<string>();
  bounds.forEach((bound, index) => heap.push(`item ${index}`, bound));
  return heap;
}

function drain<T>(heap: DeadlineHeap<T>): (T | undefined)[] {
  return Array.from({ length: heap.size }, () => heap.pop());
}

/** What the heap promises, in the plainest words: a list that is sorted anew after each step. */
class NaiveHeap {
  #entries: { item: number; bound: number; turn: number }[] = [];
  #turns = 0;

  push(item: number, bound: number): void {
    this.#entries.push({ item, bound, turn: this.#turns++ });
    this.#entries.sort((a, b) => a.bound - b.bound || a.turn - b.turn);
  }

  pop(): number | undefined {
    return this.#entries.shift()?.item;
  }

  get shown(): unknown {
    const [first] = this.#entries;
    return [this.#entries.length, first?.bound, first?.item];
  }
}

type Step = { kind: 'push' | 'pop'; by: number };

const STEPS: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('push', 'push', 'push', 'pop'),
    by: fc.nat(20),
  }),
  { maxLength: 200 },
);

describe('DeadlineHeap', () => {
  it('is empty at first', () => {
    const heap = setup();

    expect([heap.size, heap.next, heap.peek(), heap.pop()]).toEqual([
      0,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('shows the item with the earliest bound', () => {
    const heap = setup(3, 1, 2);

    expect([heap.size, heap.next, heap.peek()]).toEqual([3, 1, 'item 1']);
  });

  it('gives the items in the order of their bounds', () => {
    expect(drain(setup(3, 1, 2))).toEqual(['item 1', 'item 2', 'item 0']);
  });

  it('gives items with equal bounds in the order of their arrival', () => {
    expect(drain(setup(1, 1, 1, 1))).toEqual(['item 0', 'item 1', 'item 2', 'item 3']);
  });

  it('holds an item as often as it was pushed', () => {
    const heap = setup(5);

    heap.push('item 0', 2);

    expect([heap.next, ...drain(heap)]).toEqual([2, 'item 0', 'item 0']);
  });

  it('holds nothing once it is cleared', () => {
    const heap = setup(1, 2);

    heap.clear();

    expect([heap.size, heap.next]).toEqual([0, undefined]);
  });

  it('does as a sorted list does, whatever is done with it', () => {
    fc.assert(
      fc.property(STEPS, (steps) => {
        const [heap, naive] = [new DeadlineHeap<number>(), new NaiveHeap()];
        for (const [index, { kind, by }] of steps.entries()) {
          if (kind === 'push') [heap, naive].forEach((one) => one.push(index, by));
          if (kind === 'pop') expect(heap.pop()).toBe(naive.pop());
          expect([heap.size, heap.next, heap.peek()]).toEqual(naive.shown);
        }
      }),
    );
  });

  it('holds 100,000 items in order', () => {
    const bounds = Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 100_003);
    const heap = new DeadlineHeap<number>();

    for (const bound of bounds) heap.push(bound, bound);

    expect(drain(heap)).toEqual([...bounds].sort((a, b) => a - b));
  });
});
