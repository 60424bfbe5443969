import { Logger } from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';
import { type Awaitable, whenReady } from '../awaitable.js';
import { type ComponentBlueprint } from '../components/component-blueprint.js';
import { type ComponentCatalog } from '../components/component-catalog.js';
import { ComponentStates, type Saved } from '../components/component-states.js';
import { type RequestContext } from '../context/request-context.js';
import {
  SessionConflictError,
  SessionExpiredError,
  SessionHeadersSentError,
  SessionLimitError,
} from '../errors/session.errors.js';
import { type Reactor } from '../reactor/reactor.js';
import {
  absoluteEndOf,
  isOverdue,
  overdueReason,
  type SessionRecord,
} from '../store/session-record.js';
import {
  type SessionChange,
  type SessionCommit,
  type SessionEnd,
  type SessionStore,
} from '../store/session.store.js';
import { asked } from '../store/store-failure.js';
import { IsolatedObservable } from './isolated-observable.js';
import { type LiveState, type SessionCarrier } from './live-state.js';
import { type RandomSource } from './random-source.js';
import { LIVE, Session } from './session.js';
import { type SessionEndReason, type SessionExpiration } from './session-expiration.js';
import { SessionIds } from './session-ids.js';
import { type Login, type SessionKeeper } from './session-keeper.js';
import { UpdateQueue } from './update-queue.js';

/**
 * How often `session.update()` is run before its conflict is given up. Who has lost once has to read
 * before the next try, and who has won has not: so one may lose as often as others have changes waiting.
 */
const ATTEMPTS = 100;

/** What a site is made of. */
export interface SiteParts {
  readonly store: SessionStore;
  readonly reactor: Reactor;
  readonly random: RandomSource;
  readonly catalog: ComponentCatalog;
  readonly context: RequestContext;
  readonly sessionTimeout: number;
  readonly absoluteTimeout: number;
}

/**
 * Keeps the sessions of one application: between the store, which holds their records, and the live
 * objects that stand for them. It is what is left of Twisted's `Site` when HTTP is taken away.
 */
export class Site implements SessionKeeper {
  readonly #logger = new Logger('SessionService');
  readonly #ids: SessionIds;
  readonly #created = new Subject<Session>();
  readonly #expired = new Subject<SessionExpiration>();
  /** The ends that are being told, in their order. */
  readonly #telling: SessionExpiration[] = [];
  readonly #updates = new UpdateQueue();

  readonly create$: Observable<Session> = this.#shared(this.#created);
  readonly expire$: Observable<SessionExpiration> = this.#shared(this.#expired);

  constructor(private readonly parts: SiteParts) {
    this.#ids = new SessionIds(parts.random);
    parts.store.ends$.subscribe((end) => this.#finish(end));
  }

  get adapters(): ComponentCatalog['adapters'] {
    return this.parts.catalog.adapters;
  }

  now(): number {
    return this.parts.reactor.seconds();
  }

  /** A session that nobody has used yet: nothing knows of it until somebody does. */
  offer(secure?: boolean): Session {
    const now = this.now();
    const uid = this.parts.random.token(32);
    const { sessionTimeout, absoluteTimeout, store } = this.parts;
    const record: SessionRecord = {
      key: store.keyOf(uid),
      id: this.#ids.next(now),
      secure,
      createdAt: now,
      lastModified: now,
      sessionTimeout,
      absoluteTimeout,
      principal: undefined,
      level: undefined,
      loggedInAt: undefined,
      components: undefined,
      ended: undefined,
      live: undefined,
    };
    const session = new Session(record, uid, this);
    record.live = session;
    return session;
  }

  /** The live session of a uid, which the caller has found to be well-formed. */
  open(uid: string, touch: boolean, secure?: boolean): Awaitable<Session | undefined> {
    const { store } = this.parts;
    return whenReady(
      asked(() => store.open(store.keyOf(uid), touch, secure)),
      (record) => (record === undefined ? undefined : this.sessionOf(record, uid)),
    );
  }

  /** Gives a session to somebody who need not be in a request of its client. */
  handOut(session: Session): Session {
    session[LIVE].isHandedOut = true;
    return session;
  }

  /** The one object on this node that stands for a record. */
  sessionOf(record: SessionRecord, uid: string): Session {
    if (record.live instanceof Session) {
      // Found by its handle before, so without its uid.
      record.live[LIVE].uid ||= uid;
      return record.live;
    }
    const session = new Session(record, uid, this);
    record.live = session;
    Object.assign(session[LIVE], { phase: 'kept', isStored: true });
    return session;
  }

  keep(live: LiveState): void {
    if (live.phase !== 'offered') return;
    if (live.offeredTo?.isSealed === true) {
      throw new SessionHeadersSentError('Using a new session for the first time');
    }
    live.phase = 'kept';
    live.offeredTo?.announce(live.uid);
    live.offeredTo = undefined;
    if (this.parts.store.embedded) void this.#store(live);
  }

  touch(live: LiveState): boolean {
    try {
      this.keep(live);
    } catch (error) {
      this.report(error);
      return false;
    }
    if (this.#isOver(live)) return false;
    const now = this.now();
    if (now > live.record.lastModified) {
      live.record.lastModified = now;
      live.isTouched = true;
    }
    return true;
  }

  retime(live: LiveState, sessionTimeout: number): void {
    if (this.#isOver(live)) return;
    const { record } = live;
    const now = Math.max(this.now(), record.lastModified);
    const change = {
      lastModified: now,
      sessionTimeout: Math.min(sessionTimeout, absoluteEndOf(record) - now),
    };
    if (live.isStored && this.parts.store.embedded) {
      void this.parts.store.commit(record, change);
    } else {
      Object.assign(record, change);
      live.isTouched = true;
    }
  }

  /** Saves what the session's users have changed. Nothing to save costs nothing. */
  commit(live: LiveState, which: Saved = 'asked'): Awaitable<void> {
    return this.#inTurn(live, () => {
      const change = this.#pending(live, which);
      if (live.phase === 'ended') {
        if (change?.components === undefined) return;
        throw this.#expiredError(live);
      }
      if (live.phase === 'offered' && change?.components === undefined) return;
      this.keep(live);
      return whenReady(this.#store(live), () =>
        change === undefined ? undefined : this.#send(live, change),
      );
    });
  }

  async save(live: LiveState): Promise<void> {
    this.#assertAlive(live);
    this.keep(live);
    await this.commit(live, 'all');
  }

  async update<R>(live: LiveState, component: object, change: () => R): Promise<Awaited<R>> {
    this.#assertAlive(live);
    return this.#updates.run(component, () => this.#tryUpdate(live, component, change, ATTEMPTS));
  }

  async rotate(live: LiveState, login?: Login): Promise<void> {
    await this.#inTurn(live, () => this.#rotate(live, login));
  }

  async end(live: LiveState, reason: SessionEndReason): Promise<void> {
    if (live.phase === 'ended') return;
    this.#enderOf(live)?.acceptEnd();
    // One on its way into the store can be ended once it is there.
    if (!live.isStored && live.committing !== undefined) {
      await live.committing.then(undefined, () => {});
    }
    if (live.isStored) await asked(() => this.parts.store.end(live.record, reason));
    else this.#drop(live, reason);
  }

  async endAll(principal: string, reason: SessionEndReason, except?: Session): Promise<number> {
    this.parts.context.holder?.carrier?.acceptEnd();
    return this.parts.store.directory.endAll(principal, reason, except?.[LIVE].record);
  }

  /** Runs a function, and all that it starts, with a session as the current one. */
  runFor<T>(session: Session, fn: () => T): T {
    // A stand-in for the current session is taken as the session that it stands for now.
    const own = session[LIVE].session;
    const find = (): Session => own;
    return this.parts.context.run({ find, ask: find, isOver: false, carrier: undefined }, fn);
  }

  statesOf(live: LiveState): ComponentStates {
    live.states ??= new ComponentStates(live, this.parts.catalog);
    return live.states;
  }

  report(error: unknown): void {
    this.#logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }

  stop(): void {
    this.#created.complete();
    this.#expired.complete();
  }

  /** Ends an overdue session there and then. Another store than the embedded one decides by its own clock. */
  #isOver(live: LiveState): boolean {
    if (live.phase === 'kept' && this.parts.store.embedded && isOverdue(live.record, this.now())) {
      void this.parts.store.end(live.record, overdueReason(live.record));
    }
    return live.phase === 'ended';
  }

  #assertAlive(live: LiveState): void {
    if (this.#isOver(live)) throw this.#expiredError(live);
  }

  #expiredError(live: LiveState): SessionExpiredError {
    return new SessionExpiredError(live.record.id, live.record.ended);
  }

  /** The exchange that the running code belongs to, as far as this session is concerned. */
  #callerOf({ carriers }: LiveState): SessionCarrier | undefined {
    if (carriers === undefined) return undefined;
    const { holder } = this.parts.context;
    if (holder !== undefined) {
      const { carrier } = holder;
      return carrier !== undefined && carriers.has(carrier) ? carrier : undefined;
    }
    // Where several share a session, all but the first have a context of their own to be known by.
    const [first, second] = carriers;
    return second === undefined ? first : [...carriers].find(({ hasContext }) => !hasContext);
  }

  /** The exchange that ends its own session. Others may do so who are in no request, and hold it, too. */
  #enderOf(live: LiveState): SessionCarrier | undefined {
    const caller = this.#callerOf(live);
    const isKnown = this.parts.context.holder !== undefined;
    return isKnown || !(live.isHandedOut || caller?.hasContext) ? caller : undefined;
  }

  /** Ends a session that the store has never seen. */
  #drop({ record }: LiveState, reason: SessionEndReason): void {
    record.ended = reason;
    this.#finish({ eventId: `${record.id}:ended`, record, reason, at: this.now() });
  }

  #rotate(live: LiveState, login: Login | undefined): Awaitable<void> {
    this.#assertAlive(live);
    const carrier = this.#callerOf(live);
    if (carrier?.isSealed === true) {
      throw new SessionHeadersSentError(login === undefined ? 'regenerate()' : 'login()');
    }
    this.#assertEntitled(live, carrier, login);
    this.keep(live);
    const uid = this.parts.random.token(32);
    const dropped = login === undefined ? [] : this.parts.catalog.droppedOnLogin;
    const change: SessionChange = {
      ...this.#pending(live, 'asked', dropped),
      rotatedTo: this.parts.store.keyOf(uid),
      ...(login !== undefined && { login: { ...login, at: this.now() } }),
    };
    const sent = whenReady(this.#store(live), () => this.#send(live, change));
    return whenReady(sent, () => {
      live.uid = uid;
      live.states?.drop(dropped);
      carrier?.announce(uid);
    });
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

  #store(live: LiveState): Awaitable<void> {
    if (live.isStored) return;
    return whenReady(
      asked(() => this.parts.store.create(live.record)),
      () => {
        if (live.phase === 'ended') return;
        live.isStored = true;
        this.#created.next(live.session);
      },
    );
  }

  #pending(
    live: LiveState,
    which: Saved,
    dropped: readonly ComponentBlueprint[] = [],
  ): SessionChange | undefined {
    const states = dropped.length > 0 ? this.statesOf(live) : live.states;
    const components = states?.changes(which, dropped) ?? [];
    const times = live.isTouched && !this.parts.store.embedded ? timesOf(live.record) : undefined;
    if (components.length === 0 && times === undefined) return undefined;
    return { ...times, ...(components.length > 0 && { components }) };
  }

  #send(live: LiveState, change: SessionChange): Awaitable<void> {
    return whenReady(
      asked(() => this.parts.store.commit(live.record, change)),
      (outcome) => {
        const components = change.components ?? [];
        // Made from a state that is not the saved one any more, so nobody may save them later.
        if (outcome.kind === 'conflict') live.states?.revertChanges(components);
        if (outcome.kind !== 'saved') throw this.#refusal(live, outcome);
        live.isTouched = false;
        live.states?.saved(components);
      },
    );
  }

  #refusal(live: LiveState, outcome: Exclude<SessionCommit, { kind: 'saved' }>): Error {
    switch (outcome.kind) {
      case 'ended':
        return new SessionExpiredError(live.record.id, outcome.reason);
      case 'conflict':
        return new SessionConflictError(live.record.id, outcome.components);
      case 'refused':
        return new SessionLimitError(outcome.limit);
    }
  }

  /** Commits of one session wait for each other, where the store takes its time. */
  #inTurn(live: LiveState, commit: () => Awaitable<void>): Awaitable<void> {
    if (live.committing !== undefined) {
      const again = (): Awaitable<void> => this.#inTurn(live, commit);
      return live.committing.then(again, again);
    }
    const result = commit();
    if (!(result instanceof Promise)) return;
    live.committing = result.finally(() => {
      live.committing = undefined;
    });
    return live.committing;
  }

  async #tryUpdate<R>(
    live: LiveState,
    component: object,
    change: () => R,
    attempts: number,
  ): Promise<Awaited<R>> {
    const states = this.statesOf(live);
    const putBack = states.snapshot(component);
    // What was changed before cannot be run again.
    const isRepeatable = !states.isChanged(component);
    try {
      const result = await states.apart(component, change);
      await this.commit(live, component);
      return result;
    } catch (error) {
      if (!(error instanceof SessionConflictError) || !isRepeatable || attempts === 1) {
        putBack();
        throw error;
      }
      await this.parts.store.open(live.record.key, false);
      states.ask(component);
      return this.#tryUpdate(live, component, change, attempts - 1);
    }
  }

  /** The one way out: every end that the store tells of goes through here, each session once. */
  #finish({ eventId, record, reason, at }: SessionEnd): void {
    const session = this.sessionOf(record, '');
    const live = session[LIVE];
    const { principal } = record;
    const isUnused = live.phase === 'offered';
    live.phase = 'ended';
    live.expiration = {
      eventId,
      id: record.id,
      reason,
      at,
      session,
      ...(principal !== undefined && { principal }),
    };
    // Nobody ever knew of it, so nobody misses it.
    if (isUnused) return;
    const isInner = this.#telling.push(live.expiration) > 1;
    live.listeners?.tell(live.expiration);
    live.listeners = undefined;
    if (!isInner) this.#broadcast();
  }

  /** Tells everybody of one end after the other: of an end inside an end, when its turn comes. */
  #broadcast(): void {
    for (const expiration of this.#telling) this.#expired.next(expiration);
    this.#telling.length = 0;
  }

  #shared<T>(subject: Subject<T>): Observable<T> {
    return new IsolatedObservable(
      (subscriber) => subject.subscribe(subscriber),
      (error) => this.report(error),
    );
  }
}

function timesOf({ lastModified, sessionTimeout }: SessionRecord): SessionChange {
  return { lastModified, sessionTimeout };
}
