import { type Awaitable, whenReady } from '../awaitable.js';
import { type ComponentBlueprint } from '../components/component-blueprint.js';
import { type ComponentStates, type Saved } from '../components/component-states.js';
import {
  SessionConflictError,
  SessionExpiredError,
  SessionHeadersSentError,
  SessionLimitError,
} from '../errors/session.errors.js';
import { type SessionChange, type SessionCommit } from '../store/session.store.js';
import { asked } from '../store/store-failure.js';
import { callerOf } from './caller-of.js';
import { type LiveState, type SessionCarrier } from './live-state.js';
import { type Login } from './session-keeper.js';
import { type SiteParts } from './site-parts.js';
import { UpdateQueue } from './update-queue.js';

/**
 * How often `session.update()` is run before its conflict is given up. Who has lost once has to read
 * before the next try, and who has won has not: so one may lose as often as others have changes waiting.
 */
const ATTEMPTS = 100;

/** What is to be done where there is nothing to save, or somebody else has saved the same. */
interface CommitRules {
  /** Whether the store is asked all the same, so that a session that has ended is found to have. */
  readonly isAsking: boolean;
  /** Whether both changes are put together, rather than ours made anew. */
  readonly merges: boolean;
}

/** Whose changes are sent, and what happens where others have changed the same. */
interface Sending {
  readonly which: Saved;
  /** Composes the change once more, after both were merged. Not given where that is not wanted. */
  readonly again?: (() => SessionChange | undefined) | undefined;
}

/** What a commit asks of the site: the life of the sessions that it is about. */
export interface LiveSessions {
  /** Unix seconds, by the clock that the store judges by. */
  now(): number;
  keep(live: LiveState): void;
  /** Brings a kept session into the store, where it is not there yet. */
  store(live: LiveState): Awaitable<void>;
  /** Whether it has ended; an overdue one is ended there and then. */
  isOver(live: LiveState): boolean;
  statesOf(live: LiveState): ComponentStates;
}

/**
 * How what was changed in a session gets into the store: all of it or nothing, one commit of a session
 * after the other.
 */
export class Commits {
  readonly #updates = new UpdateQueue();

  constructor(
    private readonly parts: SiteParts,
    private readonly lives: LiveSessions,
  ) {}

  /** Saves what the session's users have changed. Nothing to save costs nothing. */
  commit(live: LiveState): Awaitable<void> {
    if (this.#isIdle(live)) return;
    return this.#inTurn(live, () => this.#commit(live, 'asked', { isAsking: false, merges: true }));
  }

  /** Saves everything. Where there is nothing to save, a store elsewhere is asked whether it is alive. */
  async save(live: LiveState): Promise<void> {
    this.#assertAlive(live);
    this.lives.keep(live);
    await this.#inTurn(live, () => this.#commit(live, 'all', { isAsking: true, merges: true }));
  }

  async update<R>(live: LiveState, component: object, change: () => R): Promise<Awaited<R>> {
    this.#assertAlive(live);
    return this.#updates.run(component, () => this.#tryUpdate(live, component, change, ATTEMPTS));
  }

  async rotate(live: LiveState, login?: Login): Promise<void> {
    await this.#inTurn(live, () => this.#rotate(live, login));
  }

  #commit(live: LiveState, which: Saved, { isAsking, merges }: CommitRules): Awaitable<void> {
    const change = this.#pending(live, which);
    if (live.phase === 'ended') {
      if (change?.components === undefined && !(isAsking && live.isStored)) return;
      throw expiredError(live);
    }
    if (live.phase === 'offered' && change?.components === undefined) return;
    this.lives.keep(live);
    const wasStored = live.isStored;
    return whenReady(this.lives.store(live), () => {
      const again = merges ? () => this.#pending(live, which) : undefined;
      if (change !== undefined) return this.#send(live, change, { which, again });
      if (isAsking && wasStored && !this.parts.store.embedded) {
        return this.#send(live, {}, { which });
      }
    });
  }

  /** Whether there can be nothing to save, and nobody else's save to wait for. */
  #isIdle({ committing, states, phase, isStored, isTouched }: LiveState): boolean {
    if (committing !== undefined || states?.isIdle === false) return false;
    return phase !== 'kept' || (isStored && !(isTouched && !this.parts.store.embedded));
  }

  #assertAlive(live: LiveState): void {
    if (this.lives.isOver(live)) throw expiredError(live);
  }

  #rotate(live: LiveState, login: Login | undefined): Awaitable<void> {
    this.#assertAlive(live);
    const carrier = callerOf(live, this.parts.context);
    // A new uid that went to the wrong one of them would be a session taken over.
    if (carrier === 'unclear') throw new SessionConflictError(live.record.id, ['uid']);
    if (carrier?.isSealed === true) {
      throw new SessionHeadersSentError(login === undefined ? 'regenerate()' : 'login()');
    }
    this.#assertEntitled(live, carrier, login);
    this.lives.keep(live);
    const uid = this.#draw(live);
    const dropped = login === undefined ? [] : this.parts.catalog.droppedOnLogin;
    const compose = (): SessionChange => ({
      ...this.#pending(live, 'asked', dropped),
      rotatedTo: this.parts.store.keyOf(uid),
      ...(login !== undefined && { login: { ...login, at: this.lives.now() } }),
    });
    const change = compose();
    const sent = whenReady(this.lives.store(live), () =>
      this.#send(live, change, { which: 'asked', again: compose }),
    );
    return whenReady(sent, () => {
      live.uid = uid;
      live.states?.drop(dropped);
      carrier?.announce(uid);
    });
  }

  /** A new uid whose key the store can give the session. */
  #draw({ record }: LiveState): string {
    const { random, store } = this.parts;
    for (;;) {
      const uid = random.token(32);
      if (store.accepts(record, store.keyOf(uid))) return uid;
    }
  }

  /**
   * A client whose uid has died since it came, because somebody logged in, must not get hold of what is
   * theirs now. Whoever logs in as the same principal, as by a second click, may.
   */
  #assertEntitled(
    { record, uid }: LiveState,
    carrier: SessionCarrier | undefined,
    login: Login | undefined,
  ): void {
    if (carrier === undefined || carrier.uid === uid || record.principal === undefined) return;
    if (login?.principal === record.principal) return;
    throw new SessionConflictError(record.id, ['uid']);
  }

  #pending(
    live: LiveState,
    which: Saved,
    dropped: readonly ComponentBlueprint[] = [],
  ): SessionChange | undefined {
    const states = dropped.length > 0 ? this.lives.statesOf(live) : live.states;
    const components = states?.changes(which, dropped) ?? [];
    const times = this.parts.store.embedded ? undefined : timesOf(live);
    if (components.length === 0 && times === undefined) return undefined;
    return { ...times, ...(components.length > 0 && { components }) };
  }

  #send(
    live: LiveState,
    change: SessionChange,
    sending: Sending,
    attempts = ATTEMPTS,
  ): Awaitable<void> {
    return asked(
      () => this.parts.store.commit(live.record, change),
      (outcome) => {
        const components = change.components ?? [];
        const { which, again } = sending;
        const mayMerge = outcome.kind === 'conflict' && again !== undefined && attempts > 1;
        if (mayMerge && live.states?.merge(components)) {
          const next = again();
          return next && this.#send(live, next, sending, attempts - 1);
        }
        if (outcome.kind !== 'saved') {
          const error = this.#refusal(live, outcome);
          // Made from a state that is not the saved one any more, so nobody may save them later.
          if (outcome.kind === 'conflict') live.states?.revertChanges(components, which, error);
          throw error;
        }
        // What was done while this was under way is still to be told.
        if (change.lastModified === live.record.lastModified) live.isTouched = false;
        if (change.sessionTimeout === live.retimed) live.retimed = undefined;
        live.states?.saved(components);
      },
    );
  }

  #refusal(live: LiveState, outcome: Exclude<SessionCommit, { kind: 'saved' }>): Error {
    switch (outcome.kind) {
      case 'ended':
        return new SessionExpiredError(live.record.id, outcome.reason);
      case 'conflict':
        return new SessionConflictError(live.record.id, outcome.components.map(nameOf));
      case 'refused':
        return new SessionLimitError(outcome.limit);
    }
  }

  /**
   * Commits of one session wait for each other, where the store takes its time. One that was to save
   * what is put back meanwhile, because it went wrong together with somebody else's, fails as that did.
   */
  #inTurn(live: LiveState, commit: () => Awaitable<void>): Awaitable<void> {
    const loss = live.states?.loss;
    return this.#queue(live, () => {
      if (live.states?.loss !== undefined && live.states.loss !== loss)
        throw live.states.loss.error;
      return commit();
    });
  }

  #queue(live: LiveState, commit: () => Awaitable<void>): Awaitable<void> {
    if (live.committing !== undefined) {
      const again = (): Awaitable<void> => this.#queue(live, commit);
      return live.committing.then(again, again);
    }
    const result = commit();
    if (!(result instanceof Promise)) return;
    const done = (): void => {
      live.committing = undefined;
    };
    live.committing = result.then(done, (error: unknown) => {
      done();
      throw error;
    });
    return live.committing;
  }

  async #tryUpdate<R>(
    live: LiveState,
    component: object,
    change: () => R,
    attempts: number,
  ): Promise<Awaited<R>> {
    const states = this.lives.statesOf(live);
    const putBack = states.snapshot(component);
    // What was changed before cannot be run again.
    const isRepeatable = !states.isChanged(component);
    try {
      const rules = { isAsking: false, merges: !isRepeatable };
      return await states.apart(component, change, () =>
        this.#queue(live, () => {
          // Its change was put back at the end, so that there would be nothing to save.
          if (live.phase === 'ended') throw expiredError(live);
          return this.#commit(live, component, rules);
        }),
      );
    } catch (error) {
      if (!(error instanceof SessionConflictError) || !isRepeatable || attempts === 1) {
        putBack();
        throw error;
      }
      states.ask(component);
      return this.#tryUpdate(live, component, change, attempts - 1);
    }
  }
}

function expiredError({ record }: LiveState): SessionExpiredError {
  return new SessionExpiredError(record.id, record.ended);
}

/** What a store elsewhere has not been told of the session's times. */
function timesOf({ isTouched, retimed, record }: LiveState): SessionChange | undefined {
  if (!isTouched) return undefined;
  const { lastModified } = record;
  return retimed === undefined ? { lastModified } : { lastModified, sessionTimeout: retimed };
}

/** The name of a component from what its state is stored under, `name@version`. */
function nameOf(key: string): string {
  return key.slice(0, key.lastIndexOf('@'));
}
