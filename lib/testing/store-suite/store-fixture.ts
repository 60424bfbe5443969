import { type Awaitable } from '../../awaitable.js';
import { type SessionStore } from '../../store/session.store.js';
import { type Clock } from '../clock.js';

/**
 * Where the sessions of one test are kept: fresh, shared with no other test, and reached by nodes.
 *
 * Time stands still in a test until the test moves it. A store that goes by the reactor it is started
 * with needs nothing for that. One that goes by a clock of its own, as a database does, implements
 * {@link travel}; one that learns of ends by asking implements {@link sweep}.
 *
 * @publicApi
 */
export interface SessionStoreFixture {
  /** One more node of the same sessions. The suite starts and stops it. */
  node(): Awaitable<SessionStore>;

  /** Moves the store's own clock on, in seconds. It ends no session yet. */
  travel?(seconds: number): Awaitable<void>;

  /**
   * Lets every node do what its timers would have done by now, and waits for that: what is due has
   * ended, and every node has been told of every end. Not needed where `clock.advanceAsync(0)` does it.
   */
  sweep?(): Awaitable<void>;

  /** Cleans up after the test, when all nodes have been stopped. */
  dispose?(): Awaitable<void>;
}

/**
 * Makes the place for one test; or just the store, where there is but one node.
 *
 * @param clock the reactor that the nodes of this test are started with
 * @publicApi
 */
export type SessionStoreFactory = (clock: Clock) => Awaitable<SessionStore | SessionStoreFixture>;
