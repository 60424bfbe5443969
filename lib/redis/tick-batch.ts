/** Somebody who waits for an answer. */
interface Waiting<Ask, Answer> {
  readonly ask: Ask;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** The answer to the ask with an index; throws where that one has failed. */
export type AnswerOf<Answer> = (index: number) => Answer;

/** The least part of what waits that is asked for in a turn. */
const SHARE = 0.25;

/**
 * Asks together for what is wanted at about the same time. The first is asked for at once, what comes in
 * the same turn of the event loop together, and where that is much the rest in the turns that follow: so
 * the server works on some while others are made ready here, and neither waits for the other to be done
 * with all of them.
 *
 * Each ask has an outcome of its own; only where nobody answers have all of them failed.
 */
export class TickBatch<Ask, Answer> {
  #waiting: Waiting<Ask, Answer>[] = [];
  #isGathering = false;

  /** @param most how many are asked for at a time: so few that nobody else waits long for the server */
  constructor(
    private readonly most: number,
    private readonly askAll: (asks: readonly Ask[]) => Promise<AnswerOf<Answer>>,
  ) {}

  ask(ask: Ask): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ask, resolve, reject });
      if (this.#isGathering) return;
      this.#gather();
      this.flush();
    });
  }

  /** Asks now for all that is wanted: for what must not be overtaken by what is asked for otherwise. */
  flush(): void {
    this.#send(this.#waiting.length);
  }

  #gather(): void {
    this.#isGathering = true;
    setImmediate(() => {
      this.#send(Math.max(1, Math.floor(this.#waiting.length * SHARE)));
      if (this.#waiting.length > 0) this.#gather();
      else this.#isGathering = false;
    });
  }

  /** Asks for so many at least, as many at a time as may be. */
  #send(count: number): void {
    for (let left = count; left > 0 && this.#waiting.length > 0; left -= this.most) {
      this.#ask(this.#waiting.splice(0, this.most));
    }
  }

  #ask(some: readonly Waiting<Ask, Answer>[]): void {
    this.askAll(some.map(({ ask }) => ask)).then(
      (answerOf) => {
        for (const [index, { resolve, reject }] of some.entries()) {
          try {
            resolve(answerOf(index));
          } catch (error) {
            reject(error);
          }
        }
      },
      (error: unknown) => {
        for (const { reject } of some) reject(error);
      },
    );
  }
}
