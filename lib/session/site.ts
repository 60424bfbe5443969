import { Logger } from '@nestjs/common';
import { type Observable } from 'rxjs';
import { type Awaitable, whenReady } from '../awaitable.js';
import { type ComponentCatalog } from '../components/component-catalog.js';
import { ComponentStates } from '../components/component-states.js';
import { textOf } from '../errors/error-text.js';
import { SessionHeadersSentError } from '../errors/session.errors.js';
import {
  absoluteEndOf,
  isOverdue,
  overdueReason,
  type SessionRecord,
} from '../store/session-record.js';
import { type SessionEnd } from '../store/session.store.js';
import { asked } from '../store/store-failure.js';
import { Announcements } from './announcements.js';
import { enderOf } from './caller-of.js';
import { Commits } from './commits.js';
import { Endings } from './endings.js';
import { Session } from './session.js';
import {
  assertReason,
  type SessionEndReason,
  type SessionExpiration,
} from './session-expiration.js';
import { SessionIds } from './session-ids.js';
import { sessionItself } from './session-itself.js';
import { type Login, type SessionKeeper } from './session-keeper.js';
import { type SiteParts } from './site-parts.js';

/**
 * Keeps the sessions of one application: between the store, which holds their records, and the live
 * objects that stand for them. It is what is left of Twisted's `Site` when HTTP is taken away.
 */
export class Site implements SessionKeeper {
  readonly #logger = new Logger('SessionService');
  readonly #ids: SessionIds;
  readonly #announcements = new Announcements((error) => this.report(error));
  readonly #endings: Endings;
  readonly #commits: Commits;

  readonly create$: Observable<Session> = this.#announcements.create$;
  readonly expire$: Observable<SessionExpiration> = this.#announcements.expire$;

  constructor(private readonly parts: SiteParts) {
    this.#ids = new SessionIds(parts.random);
    this.#commits = new Commits(parts, this);
    this.#endings = new Endings(this, parts.store.embedded, this.#announcements);
    parts.store.ends$.subscribe((end) => this.#endings.finish(end));
  }

  get catalog(): ComponentCatalog {
    return this.parts.catalog;
  }

  now(): number {
    return this.parts.store.timeAt(this.parts.reactor.seconds());
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

  /** A new session that belongs to no request. It is kept at once. */
  make(): Awaitable<Session> {
    const session = this.handOut(this.offer());
    this.keep(session);
    return whenReady(this.commit(session), () => session);
  }

  /** What the store knows a session by in place of its uid. */
  keyOf(uid: string): string {
    return this.parts.store.keyOf(uid);
  }

  /**
   * Whether somebody may be using the session. A request that comes to it then is told apart by its
   * context, lest one gets another's new uid.
   */
  isInUse(session: Session): boolean {
    return session.$isHandedOut || (session.$carriers?.length ?? 0) > 0;
  }

  /** The same of one that is in a store elsewhere, before that has answered. */
  isHeldInUse(key: string): boolean {
    const record = this.parts.store.held(key);
    if (record === 'unknown') return true;
    return record?.live instanceof Session && this.isInUse(record.live);
  }

  /** The live session of a uid, which the caller has found to be well-formed. */
  open(
    uid: string,
    touch: boolean,
    secure?: boolean,
    key = this.keyOf(uid),
  ): Awaitable<Session | 'rotated' | undefined> {
    return asked(
      () => this.parts.store.open(key, touch, secure),
      (record) => {
        if (typeof record !== 'object') return record;
        // By a key that is graced only it is found, but not known: its uid is another one by now.
        return this.sessionOf(record, record.key === key ? uid : '');
      },
    );
  }

  /** Gives a session to somebody who need not be in a request of its client. */
  handOut(session: Session): Session {
    session.$isHandedOut = true;
    return session;
  }

  /** The one object on this node that stands for a record. */
  sessionOf(record: SessionRecord, uid: string): Session {
    if (record.live instanceof Session) {
      const session = record.live;
      // Found by its handle before, or rotated by another node since. The same one as part of a header
      // would keep all of the header in memory.
      if (uid !== '' && uid !== session.$uid) session.$uid = uid;
      return record.live;
    }
    const session = new Session(record, uid, this);
    record.live = session;
    Object.assign(session, { $phase: 'kept', $stored: 'yes' });
    return session;
  }

  keep(session: Session): void {
    if (session.$phase !== 'offered') return;
    if (session.$offeredTo?.isSealed === true) {
      throw new SessionHeadersSentError('Using a new session for the first time');
    }
    session.$phase = 'kept';
    session.$offeredTo?.announce(session.$uid);
    session.$offeredTo = undefined;
    if (this.parts.store.embedded) void this.store(session);
  }

  touch(session: Session): boolean {
    try {
      this.keep(session);
    } catch (error) {
      this.report(error);
      return false;
    }
    const now = this.now();
    if (this.isOver(session, now)) return false;
    if (now > session.$record.lastModified) {
      session.$record.lastModified = now;
      session.$isTouched = true;
    }
    return true;
  }

  retime(session: Session, sessionTimeout: number): void {
    if (this.isOver(session)) return;
    const record = session.$record;
    const now = Math.max(this.now(), record.lastModified);
    const change = {
      lastModified: now,
      sessionTimeout: Math.min(sessionTimeout, absoluteEndOf(record) - now),
    };
    const { store } = this.parts;
    if (store.embedded && session.$stored === 'yes') {
      void store.commit(record, change);
      return;
    }
    Object.assign(record, change);
    if (!store.embedded) {
      Object.assign(session, { $isTouched: true, $retimed: change.sessionTimeout });
    }
  }

  commit(session: Session): Awaitable<void> {
    return this.#commits.commit(session);
  }

  save(session: Session): Promise<void> {
    return this.#commits.save(session);
  }

  update<C extends object, R>(
    session: Session,
    find: () => C,
    change: (component: C) => R,
  ): Promise<Awaited<R>> {
    return this.#commits.update(session, find, change);
  }

  rotate(session: Session, login?: Login): Promise<void> {
    return this.#commits.rotate(session, login);
  }

  async end(session: Session, reason: SessionEndReason): Promise<void> {
    assertReason(reason);
    if (session.$phase === 'ended') return;
    enderOf(session, this.parts.context)?.acceptEnd();
    // One on its way into the store can be ended once it is there; after one try that fails comes the next.
    while (session.$stored !== 'yes' && session.$committing !== undefined) {
      await session.$committing.then(undefined, () => {});
    }
    if (session.isExpired) return;
    if (session.$stored === 'no') return this.#endings.drop(session, reason);
    return asked(
      () => this.parts.store.end(session.$record, reason),
      () => {
        if (session.$stored === 'maybe' && !session.isExpired) this.#endings.drop(session, reason);
      },
    );
  }

  async endAll(principal: string, reason: SessionEndReason, except?: Session): Promise<number> {
    assertReason(reason);
    const spared = except && sessionItself('except', except);
    const carrier = this.parts.context.holder?.carrier;
    const own = carrier?.session;
    if (own?.principal === principal && own !== spared) carrier?.acceptEnd();
    return this.parts.store.directory.endAll(principal, reason, spared?.$record);
  }

  /** Runs a function, and all that it starts, with a session as the current one. */
  runFor<T>(session: Session, fn: () => T): T {
    const own = sessionItself('session', session);
    const find = (): Session => own;
    return this.parts.context.run({ find, ask: find, isOver: false, carrier: undefined }, fn);
  }

  hold(session: Session): void {
    this.#endings.hold(session);
  }

  statesOf(session: Session): ComponentStates {
    session.$states ??= new ComponentStates(session, this.parts.catalog);
    return session.$states;
  }

  /** An end with the session that has ended. Tells nobody of it. */
  expirationOf(end: SessionEnd): SessionExpiration {
    return this.#endings.expirationOf(end);
  }

  report(error: unknown): void {
    this.#logger.error(textOf(error));
  }

  stop(): void {
    this.#announcements.stop();
  }

  /** Ends an overdue session there and then. Another store than the embedded one decides by its own clock. */
  isOver(session: Session, now = this.now()): boolean {
    if (session.$phase === 'kept' && this.parts.store.embedded && isOverdue(session.$record, now)) {
      void this.parts.store.end(session.$record, overdueReason(session.$record));
    }
    return session.$phase === 'ended';
  }

  /** Brings a kept session into the store, where it is not there yet. */
  store(session: Session): Awaitable<void> {
    if (session.$stored === 'yes') return;
    session.$stored = 'maybe';
    return asked(
      () => this.parts.store.create(session.$record),
      () => {
        // Somebody whose end made room for it may have had it kept, or ended, already.
        if (session.$phase === 'ended' || session.$stored === 'yes') return;
        session.$stored = 'yes';
        this.#endings.hold(session);
        this.#announcements.created(session);
      },
    );
  }
}
