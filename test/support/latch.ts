/** A place where a handler waits: the test learns that it is reached, and lets it go on. */
export class Latch {
  readonly reached: Promise<void>;
  readonly #opened: Promise<void>;
  #reach: () => void = () => {};
  #open: () => void = () => {};

  constructor() {
    this.reached = new Promise((resolve) => (this.#reach = resolve));
    this.#opened = new Promise((resolve) => (this.#open = resolve));
  }

  /** Tells the test that the handler is there. */
  reach(): void {
    this.#reach();
  }

  /** Waits in the handler. */
  async pass(): Promise<void> {
    this.reach();
    await this.#opened;
  }

  /** Lets everybody go on who waits here, now or later. */
  open(): void {
    this.#open();
  }
}
