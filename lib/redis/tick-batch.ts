/** Somebody who waits for an answer. */
interface Waiting<Ask, Answer> {
  readonly ask: Ask;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** The answer to the ask with an index; throws where that one has failed. */
export type AnswerOf<Answer> = (index: number) => Answer;

/**
 * Asks at once for all that is wanted in one turn of the event loop. Each ask has an outcome of its own;
 * only where nobody answers have all of them failed.
 */
export class TickBatch<Ask, Answer> {
  #waiting: Waiting<Ask, Answer>[] = [];

  /** @param most how many are asked for at a time: so few that nobody else waits long for the server */
  constructor(
    private readonly most: number,
    private readonly askAll: (asks: readonly Ask[]) => Promise<AnswerOf<Answer>>,
  ) {}

  ask(ask: Ask): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const count = this.#waiting.push({ ask, resolve, reject });
      if (count === 1) setImmediate(() => this.flush());
      else if (count === this.most) this.flush();
    });
  }

  /** Asks now for all that is wanted: for what must not be overtaken by what is asked for otherwise. */
  flush(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    this.askAll(waiting.map(({ ask }) => ask)).then(
      (answerOf) => {
        for (const [index, { resolve, reject }] of waiting.entries()) {
          try {
            resolve(answerOf(index));
          } catch (error) {
            reject(error);
          }
        }
      },
      (error: unknown) => {
        for (const { reject } of waiting) reject(error);
      },
    );
  }
}
