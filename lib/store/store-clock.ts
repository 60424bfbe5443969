import { type Reactor } from '../reactor/reactor.js';

/**
 * The clock of a store, as far as a node can know it: what the last answer said, and the time since
 * then. It is late by at most the time that the answer was on its way, and never ahead.
 */
export class StoreClock {
  #lead = 0;

  constructor(private readonly reactor: Reactor) {}

  /** The store has said what time it is, in milliseconds. Returns it in seconds. */
  heard(milliseconds: number): number {
    const now = milliseconds / 1000;
    this.#lead = now - this.reactor.seconds();
    return now;
  }

  /** A node's time as the store's. Unix seconds. */
  timeAt(nodeTime: number): number {
    return nodeTime + this.#lead;
  }
}
