import { AsyncLocalStorage } from 'node:async_hooks';
import { type SessionCarrier } from '../session/session-carrier.js';
import { type Session } from '../session/session.js';

/** What a request, message or job has in the way of a session. */
export interface SessionHolder {
  /** Its session, if it has one. Never makes one. */
  find(): Session | undefined;
  /** Its session; a new one is offered where there is none. */
  ask(): Session;
  /** Whether it is over, so that what still runs in its context belongs to nobody. */
  readonly isOver: boolean;
  /** What carries its session to a client, if anything does. */
  readonly carrier: SessionCarrier | undefined;
}

/**
 * Whose session is the current one, by `AsyncLocalStorage`. It costs every promise of the process a
 * little on older Nodes, so it is entered only where somebody asks for the current session, or where
 * a request has to be told apart from others that may be using its session.
 */
export class RequestContext {
  readonly #storage = new AsyncLocalStorage<SessionHolder>();

  /** Whether somebody has asked for the current session: every request is to enter, then. */
  isWanted = false;

  get holder(): SessionHolder | undefined {
    const holder = this.#storage.getStore();
    return holder?.isOver === true ? undefined : holder;
  }

  /** Whether the running code belongs to a request that is over. */
  get isLeft(): boolean {
    return this.#storage.getStore()?.isOver === true;
  }

  /** Whether the running code is in the context of a request, over or not, and not of this one. */
  isOfAnother(holder: SessionHolder): boolean {
    const entered = this.#storage.getStore();
    return entered?.carrier !== undefined && entered !== holder;
  }

  /** The current session, if there is one. Never makes one. */
  find(): Session | undefined {
    this.isWanted = true;
    return this.holder?.find();
  }

  /** The current session, a new one where the request has none; `undefined` outside of requests. */
  ask(): Session | undefined {
    this.isWanted = true;
    return this.holder?.ask();
  }

  /** Runs a function, and all that it starts, for a holder. */
  run<T>(holder: SessionHolder, fn: () => T): T {
    return this.#storage.run(holder, fn);
  }

  /** Makes the rest of the running request a holder's. */
  enter(holder: SessionHolder): void {
    if (this.#storage.getStore() !== holder) this.#storage.enterWith(holder);
  }
}
