import { type Awaitable, whenReady } from '../awaitable.js';
import { type ComponentBlueprint } from '../components/component-blueprint.js';
import { type ComponentStates, type Saved } from '../components/component-states.js';
import {
  SessionConflictError,
  SessionExpiredError,
  SessionLimitError,
} from '../errors/session.errors.js';
import { lastLoginOf } from '../store/rotation.js';
import { type SessionChange, type SessionCommit } from '../store/session.store.js';
import { asked } from '../store/store-failure.js';
import { type Session } from './session.js';
import { newUid } from './new-uid.js';
import { rotatorOf } from './rotator-of.js';
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
  keep(session: Session): void;
  /** Brings a kept session into the store, where it is not there yet. */
  store(session: Session): Awaitable<void>;
  /** Whether it has ended; an overdue one is ended there and then. */
  isOver(session: Session): boolean;
  statesOf(session: Session): ComponentStates;
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
  commit(session: Session): Awaitable<void> {
    if (this.#isIdle(session)) return;
    return this.#inTurn(session, () =>
      this.#commit(session, 'asked', { isAsking: false, merges: true }),
    );
  }

  /** Saves everything. Where there is nothing to save, a store elsewhere is asked whether it is alive. */
  async save(session: Session): Promise<void> {
    this.#assertAlive(session);
    this.lives.keep(session);
    await this.#inTurn(session, () =>
      this.#commit(session, 'all', { isAsking: true, merges: true }),
    );
  }

  /**
   * Runs a change of a component when its turn comes, and saves it.
   *
   * @param find the component of now: while a change waits, another one may come in its place
   */
  async update<C extends object, R>(
    session: Session,
    find: () => C,
    change: (component: C) => R,
  ): Promise<Awaited<R>> {
    const states = this.lives.statesOf(session);
    for (;;) {
      const component = find();
      const waited = [component, ...states.reachOf(component)];
      const run = async (): Promise<[Awaited<R>] | undefined> => {
        this.#assertAlive(session);
        const own = find();
        // Another one has come in its place, whose updates it has not waited for.
        if (!states.reachOf(own).every((part) => waited.includes(part))) return undefined;
        return [await this.#tryUpdate(session, own, () => change(own), ATTEMPTS)];
      };
      const updated = await this.#updates.run(waited, run);
      if (updated !== undefined) return updated[0];
    }
  }

  async rotate(session: Session, login?: Login): Promise<void> {
    await this.#inTurn(session, () => this.#rotate(session, login));
  }

  #commit(session: Session, which: Saved, { isAsking, merges }: CommitRules): Awaitable<void> {
    const change = this.#pending(session, which);
    if (session.$phase === 'ended') {
      if (change?.components === undefined && !(isAsking && session.$stored === 'yes')) return;
      throw expiredError(session);
    }
    if (session.$phase === 'offered' && change?.components === undefined) return;
    this.lives.keep(session);
    const wasStored = session.$stored === 'yes';
    return whenReady(this.lives.store(session), () => {
      const again = merges ? () => this.#pending(session, which) : undefined;
      if (change !== undefined) return this.#send(session, change, { which, again });
      if (isAsking && wasStored && !this.parts.store.embedded) {
        return this.#send(session, {}, { which });
      }
    });
  }

  /** Whether there can be nothing to save, and nobody else's save to wait for. */
  #isIdle(session: Session): boolean {
    if (session.$committing !== undefined || session.$states?.isIdle === false) return false;
    if (session.$phase !== 'kept') return true;
    return session.$stored === 'yes' && !(session.$isTouched && !this.parts.store.embedded);
  }

  #assertAlive(session: Session): void {
    if (this.lives.isOver(session)) throw expiredError(session);
  }

  #rotate(session: Session, login: Login | undefined): Awaitable<void> {
    this.#assertAlive(session);
    const carrier = rotatorOf(session, this.parts, login);
    // As it is known now: what becomes known on the way is a conflict, and nothing to go by.
    const lastLogin = lastLoginOf(session.$record);
    this.lives.keep(session);
    const uid = newUid(session, this.parts);
    const dropped = login === undefined ? [] : this.parts.catalog.droppedOnLogin;
    const compose = (): SessionChange => ({
      ...this.#pending(session, 'asked', dropped),
      rotatedTo: this.parts.store.keyOf(uid),
      lastLogin,
      ...(login !== undefined && { login: { ...login, at: this.lives.now() } }),
    });
    const change = compose();
    const sent = whenReady(this.lives.store(session), () =>
      this.#send(session, change, { which: 'asked', again: compose }),
    );
    return whenReady(sent, () => {
      session.$uid = uid;
      session.$states?.drop(dropped);
      carrier?.announce(uid);
    });
  }

  #pending(
    session: Session,
    which: Saved,
    dropped: readonly ComponentBlueprint[] = [],
  ): SessionChange | undefined {
    const states = dropped.length > 0 ? this.lives.statesOf(session) : session.$states;
    const components = states?.changes(which, dropped) ?? [];
    const times = this.parts.store.embedded ? undefined : timesOf(session);
    if (components.length === 0 && times === undefined) return undefined;
    return { ...times, ...(components.length > 0 && { components }) };
  }

  #send(
    session: Session,
    change: SessionChange,
    sending: Sending,
    attempts = ATTEMPTS,
  ): Awaitable<void> {
    return asked(
      () => this.parts.store.commit(session.$record, change),
      (outcome) => {
        const components = change.components ?? [];
        const { which, again } = sending;
        const mayMerge = outcome.kind === 'conflict' && again !== undefined && attempts > 1;
        if (mayMerge && session.$states?.merge(components)) {
          const next = again();
          return next && this.#send(session, next, sending, attempts - 1);
        }
        if (outcome.kind !== 'saved') {
          const error = this.#refusal(session, outcome);
          // Made from a state that is not the saved one any more, so nobody may save them later.
          if (outcome.kind === 'conflict') session.$states?.revertChanges(components, which, error);
          throw error;
        }
        // What was done while this was under way is still to be told.
        if (change.lastModified === session.$record.lastModified) session.$isTouched = false;
        if (change.sessionTimeout === session.$retimed) session.$retimed = undefined;
        session.$states?.saved(components);
      },
      () => session.$states?.doubt(change.components ?? []),
    );
  }

  #refusal(session: Session, outcome: Exclude<SessionCommit, { kind: 'saved' }>): Error {
    switch (outcome.kind) {
      case 'ended':
        return new SessionExpiredError(session.$record.id, outcome.reason);
      case 'conflict':
        return new SessionConflictError(session.$record.id, outcome.components.map(nameOf));
      case 'refused':
        return new SessionLimitError(outcome.limit);
    }
  }

  /**
   * Commits of one session wait for each other, where the store takes its time. One that was to save
   * what is put back meanwhile, because it went wrong together with somebody else's, fails as that did.
   */
  #inTurn(session: Session, commit: () => Awaitable<void>): Awaitable<void> {
    const loss = session.$states?.loss;
    return this.#queue(session, () => {
      if (session.$states?.loss !== undefined && session.$states.loss !== loss)
        throw session.$states.loss.error;
      return commit();
    });
  }

  #queue(session: Session, commit: () => Awaitable<void>): Awaitable<void> {
    if (session.$committing !== undefined) {
      const again = (): Awaitable<void> => this.#queue(session, commit);
      return session.$committing.then(again, again);
    }
    const result = commit();
    if (!(result instanceof Promise)) return;
    const done = (): void => {
      session.$committing = undefined;
    };
    session.$committing = result.then(done, (error: unknown) => {
      done();
      throw error;
    });
    return session.$committing;
  }

  async #tryUpdate<R>(
    session: Session,
    component: object,
    change: () => R,
    attempts: number,
  ): Promise<Awaited<R>> {
    this.#assertAlive(session);
    const states = this.lives.statesOf(session);
    const update = states.update(component);
    const rules = { isAsking: false, merges: !update.isRepeatable };
    try {
      return await update.run(change, () =>
        this.#queue(session, () => {
          // Else there would be nothing to save.
          if (update.isLost) throw expiredError(session);
          return this.#commit(session, component, rules);
        }),
      );
    } catch (error) {
      const isLast = !update.isRepeatable || attempts === 1;
      if (isLast || !(error instanceof SessionConflictError)) {
        update.putBack();
        throw error;
      }
      states.ask(component);
      return this.#tryUpdate(session, component, change, attempts - 1);
    }
  }
}

function expiredError(session: Session): SessionExpiredError {
  const { id, ended } = session.$record;
  return new SessionExpiredError(id, ended);
}

/** What a store elsewhere has not been told of the session's times. */
function timesOf(session: Session): SessionChange | undefined {
  if (!session.$isTouched) return undefined;
  const { lastModified } = session.$record;
  const sessionTimeout = session.$retimed;
  return sessionTimeout === undefined ? { lastModified } : { lastModified, sessionTimeout };
}

/** The name of a component from what its state is stored under, `name@version`. */
function nameOf(key: string): string {
  return key.slice(0, key.lastIndexOf('@'));
}
