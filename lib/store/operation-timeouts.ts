import { type DelayedCall, type Reactor } from '../reactor/reactor.js';

/** An operation that has not been answered yet, or was while an earlier one still is not. */
interface Pending {
  readonly due: number;
  /** Gone with the answer: it holds on to all that the operation was about. */
  giveUp: (() => void) | undefined;
}

/** How many may be answered before those that wait move up. */
const ANSWERED = 256;

/**
 * Gives up on operations that take too long. All have the same time, so they come due in the order in
 * which they began, and one timer serves all of them.
 */
export class OperationTimeouts {
  #pending: Pending[] = [];
  /** Where those begin that may not be answered yet. */
  #first = 0;
  #timer: DelayedCall | undefined;

  /** @param seconds how long an operation may take */
  constructor(
    private readonly reactor: Reactor,
    private readonly seconds: number,
  ) {}

  /** The answer, or a rejection with `late()` where it has not come in time. What comes later is ignored. */
  limit<T>(operation: Promise<T>, late: () => Error): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const entry: Pending = {
        due: this.reactor.seconds() + this.seconds,
        giveUp: () => reject(late()),
      };
      this.#pending.push(entry);
      this.#timer ??= this.reactor.callLater(this.seconds, () => this.#expire());
      operation.then(
        (answer) => {
          this.#answered(entry);
          resolve(answer);
        },
        (error: unknown) => {
          this.#answered(entry);
          reject(error);
        },
      );
    });
  }

  stop(): void {
    if (this.#timer?.active() === true) this.#timer.cancel();
    this.#timer = undefined;
  }

  /** Answers come in the order of the questions, or nearly so. */
  #answered(entry: Pending): void {
    entry.giveUp = undefined;
    while (this.#first < this.#pending.length && this.#pending[this.#first]?.giveUp === undefined) {
      this.#first++;
    }
    if (this.#first === this.#pending.length) this.#drop(this.#first);
    // To let go of each alone would move all that wait behind it.
    else if (this.#first > ANSWERED && 2 * this.#first > this.#pending.length)
      this.#drop(this.#first);
  }

  /** Lets go of the first, and answers with them. */
  #drop(count: number): readonly Pending[] {
    this.#first = 0;
    return this.#pending.splice(0, count);
  }

  /**
   * An answer may be there that this process was too busy to read: it gets the chance to, since timers
   * run before that.
   */
  #expire(): void {
    const now = this.reactor.seconds();
    this.#timer = this.reactor.callLater(0, () => this.#giveUp(now));
  }

  #giveUp(now: number): void {
    this.#timer = undefined;
    const waiting = this.#pending.findIndex(({ due, giveUp }) => due > now && giveUp !== undefined);
    const over = this.#drop(waiting === -1 ? this.#pending.length : waiting);
    for (const { giveUp } of over) giveUp?.();
    const [first] = this.#pending;
    if (first === undefined) return;
    const delay = Math.max(0, first.due - this.reactor.seconds());
    this.#timer = this.reactor.callLater(delay, () => this.#expire());
  }
}
