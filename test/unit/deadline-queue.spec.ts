import fc from 'fast-check';
import { DeadlineQueue } from '../../lib/store/deadline-queue.js';

function setup(...bounds: number[]) {
  const queue = new DeadlineQueue<string>();
  bounds.forEach((bound, index) => queue.push(`item ${index}`, bound));
  return queue;
}

function drain<T>(queue: DeadlineQueue<T>): (T | undefined)[] {
  return Array.from({ length: queue.size }, () => queue.pop());
}

/** What the queue promises, in the plainest words: a list that is sorted anew after each step. */
class NaiveQueue {
  #entries: { item: number; bound: number; turn: number }[] = [];
  #turns = 0;

  push(item: number, bound: number): void {
    this.#entries.push({ item, bound, turn: this.#turns++ });
    this.#entries.sort((a, b) => a.bound - b.bound || a.turn - b.turn);
  }

  pop(): number | undefined {
    return this.#entries.shift()?.item;
  }

  postpone(bound: number): void {
    const first = this.#entries.shift();
    if (first !== undefined) this.push(first.item, bound);
  }

  get shown(): unknown {
    const [first] = this.#entries;
    return [this.#entries.length, first?.bound, first?.item];
  }
}

type Step = { kind: 'push' | 'pop' | 'postpone'; by: number };

const STEPS: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('push', 'push', 'push', 'pop', 'postpone'),
    by: fc.nat(20),
  }),
  { maxLength: 200 },
);

describe('DeadlineQueue', () => {
  it('is empty at first', () => {
    const queue = setup();

    expect([queue.size, queue.next, queue.peek(), queue.pop()]).toEqual([
      0,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('shows the item with the earliest bound', () => {
    const queue = setup(3, 1, 2);

    expect([queue.size, queue.next, queue.peek()]).toEqual([3, 1, 'item 1']);
  });

  it('gives the items in the order of their bounds', () => {
    expect(drain(setup(3, 1, 2))).toEqual(['item 1', 'item 2', 'item 0']);
  });

  it('gives items with equal bounds in the order of their arrival', () => {
    expect(drain(setup(1, 1, 1, 1))).toEqual(['item 0', 'item 1', 'item 2', 'item 3']);
  });

  it('files the first item again, behind those of the same bound', () => {
    const queue = setup(1, 2, 3);

    queue.postpone(3);

    expect(drain(queue)).toEqual(['item 1', 'item 2', 'item 0']);
  });

  it('postpones nothing where there is nothing', () => {
    const queue = setup();

    queue.postpone(1);

    expect(queue.size).toBe(0);
  });

  it('holds an item as often as it was pushed', () => {
    const queue = setup(5);

    queue.push('item 0', 2);

    expect([queue.next, ...drain(queue)]).toEqual([2, 'item 0', 'item 0']);
  });

  it('holds nothing once it is cleared', () => {
    const queue = setup(1, 2);

    queue.clear();

    expect([queue.size, queue.next]).toEqual([0, undefined]);
  });

  it('does as a sorted list does, whatever is done with it', () => {
    fc.assert(
      fc.property(STEPS, (steps) => {
        const [queue, naive] = [new DeadlineQueue<number>(), new NaiveQueue()];
        for (const [index, { kind, by }] of steps.entries()) {
          if (kind === 'push') [queue, naive].forEach((one) => one.push(index, by));
          if (kind === 'pop') expect(queue.pop()).toBe(naive.pop());
          if (kind === 'postpone') [queue, naive].forEach((one) => one.postpone(by));
          expect([queue.size, queue.next, queue.peek()]).toEqual(naive.shown);
        }
      }),
    );
  });

  it('lets those in line move up, and loses none', () => {
    const queue = new DeadlineQueue<number>();
    const seen: (number | undefined)[] = [];

    for (let item = 0; item < 10_000; item++) {
      queue.push(item, item);
      if (item % 3 > 0) seen.push(queue.pop());
    }

    expect([...seen, ...drain(queue)]).toEqual(Array.from({ length: 10_000 }, (_, item) => item));
  });

  it('holds 100,000 items in order', () => {
    const bounds = Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 100_003);
    const queue = new DeadlineQueue<number>();

    for (const bound of bounds) queue.push(bound, bound);

    expect(drain(queue)).toEqual([...bounds].sort((a, b) => a - b));
  });
});
