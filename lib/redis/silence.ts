/**
 * Knows whether a server that does not refuse to be talked to answers, too. While it is silent, one
 * command at a time finds out whether it still is, and nobody else has to wait for the same answer; nor
 * do commands pile up that it would carry out when nobody waits for them any more.
 */
export class Silence {
  #heard = 0;
  #isSilent = false;
  #isProbing = false;

  get isLasting(): boolean {
    return this.#isSilent;
  }

  /** Begins to ask; `undefined` where somebody else is finding out already. */
  ask(): Question | undefined {
    if (this.#isSilent && this.#isProbing) return undefined;
    const heard = this.#heard;
    const isProbe = this.#isSilent;
    if (isProbe) this.#isProbing = true;
    return {
      answered: () => {
        this.#heard += 1;
        this.#isSilent = false;
      },
      late: () => {
        // A server that has answered others is slow with this one only.
        if (this.#heard === heard) this.#isSilent = true;
        return isProbe && this.#isSilent;
      },
      over: () => {
        if (isProbe) this.#isProbing = false;
      },
    };
  }
}

/** One command that was sent. */
export interface Question {
  /** There is an answer, however late. */
  readonly answered: () => void;
  /** The time is over. Whether it was a probe, and the server is silent still. */
  readonly late: () => boolean;
  /** Nobody waits any more. */
  readonly over: () => void;
}
