import { type DelayedCall, Reactor } from 'nestjs-live-session';

interface Turn {
  readonly dueAt: number;
  readonly call: () => void;
}

/**
 * The reactor of a busy machine: each look at the time takes a while, and a test takes the calls turn
 * by turn, so that it sees how long each keeps the others waiting.
 */
export class SlowReactor extends Reactor {
  now = 0;
  readonly #turns = new Set<Turn>();

  /** @param lookTime what a look at the time takes, in seconds */
  constructor(private readonly lookTime: number) {
    super();
  }

  get pending(): number {
    return this.#turns.size;
  }

  override seconds(): number {
    this.now += this.lookTime;
    return this.now;
  }

  override callLater<Args extends unknown[]>(
    delay: number,
    f: (...args: Args) => void,
    ...args: Args
  ): DelayedCall {
    const turn = { dueAt: this.now + delay, call: () => f(...args) };
    this.#turns.add(turn);
    const unused = (): never => {
      throw new Error('This reactor moves no calls.');
    };
    return {
      getTime: () => turn.dueAt,
      active: () => this.#turns.has(turn),
      cancel: () => void this.#turns.delete(turn),
      reset: unused,
      delay: unused,
    };
  }

  /** Makes the next call; answers with how long it took, `undefined` where none is due. */
  turn(): number | undefined {
    const [first] = [...this.#turns].sort((a, b) => a.dueAt - b.dueAt);
    if (first === undefined || first.dueAt > this.now) return undefined;
    this.#turns.delete(first);
    const start = this.now;
    first.call();
    return this.now - start;
  }
}
