import { type Awaitable } from '../awaitable.js';
import { type SessionEnd } from './session.store.js';

/** Does what is to be done about one end. It may be called again with the same `eventId`. */
export type ExpirationWorker = (end: SessionEnd) => Awaitable<unknown>;

/**
 * What a store can do that many nodes share: have each end handled by one of them, at least once,
 * whichever crashes. A store without it has one node, which handles the ends that it is told of.
 *
 * @publicApi
 */
export abstract class ExpirationWork {
  /**
   * Has a worker called, here or on another node that has one of the same name, with every end from
   * now on. One that throws, rejects or takes too long is tried again, later and later; in the end it
   * is reported and left.
   *
   * @param name the same on all nodes and in all their lives
   */
  abstract handle(name: string, worker: ExpirationWorker): Awaitable<void>;

  /**
   * Runs a function, unless that was done under this name before, on any node. What fails may be run
   * again. Returns whether it was run now; while it is under way elsewhere this waits for how that
   * ends, or rejects.
   */
  abstract once(name: string, run: () => Awaitable<unknown>): Promise<boolean>;
}
