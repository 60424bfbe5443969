import { Injectable } from '@nestjs/common';
import { type Observable } from 'rxjs';
import { type Awaitable, whenReady } from '../awaitable.js';
import { RequestContext } from '../context/request-context.js';
import { SessionNotFoundError, SessionOptionError } from '../errors/session.errors.js';
import { LocalOnce } from '../expiry/local-once.js';
import { deadlineOf, type SessionRecord } from '../store/session-record.js';
import { type SessionFilter, SessionStore } from '../store/session.store.js';
import { Session } from './session.js';
import { type SessionEndReason, type SessionExpiration } from './session-expiration.js';
import { Site } from './site.js';
import { isUid } from './uid.js';

/**
 * What a listing tells of a session. There is no uid in it.
 *
 * @publicApi
 */
export interface SessionInfo {
  readonly id: string;
  readonly principal: string | undefined;
  /** Unix seconds, as all instants. */
  readonly createdAt: number;
  readonly lastModified: number;
  readonly expiresAt: number;
  readonly loggedInAt: number | undefined;
  readonly level: string | undefined;
}

/** What `expireAll()` takes. */
export interface ExpireAllOptions {
  /** The session to leave alone: the one of who asks. */
  readonly except?: Session;
  /** @default 'revoked' */
  readonly reason?: SessionEndReason;
}

/**
 * The sessions of the application: make, find, list and end them, and be told of each.
 *
 * Finding a session here does not touch it; a request that finds its session does. An overdue session
 * is ended by whoever looks first, and not found.
 *
 * @publicApi
 */
@Injectable()
export class SessionService {
  readonly #once = new LocalOnce(() => this.site.now());

  constructor(
    private readonly site: Site,
    private readonly store: SessionStore,
    private readonly context: RequestContext,
  ) {}

  /** Every session that is made, once it is kept. */
  get create$(): Observable<Session> {
    return this.site.create$;
  }

  /** Every end of a session, once. The session is gone from the service before anyone is told. */
  get expire$(): Observable<SessionExpiration> {
    return this.site.expire$;
  }

  /** Makes a session that belongs to no request. It is kept at once. */
  async makeSession(): Promise<Session> {
    return this.site.make();
  }

  /** @throws SessionNotFoundError where no live session has this uid. */
  async getSession(uid: string): Promise<Session> {
    return whenReady(this.#find(uid), (session) => {
      if (session === undefined) throw new SessionNotFoundError();
      return session;
    });
  }

  /** The live session with a uid. A malformed uid is no session, and no store is asked. */
  async findSession(uid: string): Promise<Session | undefined> {
    return this.#find(uid);
  }

  /** The live session with a public handle. */
  async findById(id: string): Promise<Session | undefined> {
    const record = await this.store.directory.find(id);
    return record && this.site.handOut(this.site.sessionOf(record, ''));
  }

  /** The session of the running request, message or job, if it has one. Never makes one. */
  current(): Session | undefined {
    return this.context.find();
  }

  /** Runs a function, and all that it starts, with a session as the current one. */
  run<T>(session: Session, fn: () => T): T {
    return this.site.runFor(session, fn);
  }

  /** How many sessions are alive. */
  async count(): Promise<number> {
    return this.store.directory.count();
  }

  /**
   * The live sessions in the order of creation. For pages, give a `limit` and the last id seen as
   * `after`; it need not be alive any more.
   */
  async *list(filter: SessionFilter = {}): AsyncIterable<SessionInfo> {
    const { limit } = filter;
    if (limit !== undefined && !(Number.isInteger(limit) && limit >= 0)) {
      throw new SessionOptionError('limit', 'must be a whole number of sessions.');
    }
    for await (const record of this.store.directory.list(filter)) yield infoOf(record);
  }

  /** Ends every session of a principal, also those being made meanwhile. Returns how many it ended. */
  async expireAll(
    principal: string,
    { except, reason = 'revoked' }: ExpireAllOptions = {},
  ): Promise<number> {
    return this.site.endAll(principal, reason, except);
  }

  /**
   * Runs a function unless it has been run under this name before, on whichever node: for what an
   * `@OnSessionExpire()` method must not do twice when an end is handed to it again. What throws or
   * rejects has not been done, and may be run again. A name is remembered for a week.
   *
   * While it is under way nobody is told that it has been run, since it may fail yet. Who comes then
   * waits where the sessions are in one process, and one of those who wait runs it where it has failed;
   * on many nodes the call is rejected, and may be tried again. So the function must not ask for its
   * own name.
   *
   * A crash right after the function has done its work, and before that is recorded, cannot be told
   * from one right before it: pass the name on as the idempotency key of what you call.
   *
   * @param name the `eventId` of an end, and what is done about it: `${eventId}/mail`
   * @returns whether it was run now
   */
  once(name: string, run: () => Awaitable<unknown>): Promise<boolean> {
    return this.store.work?.once(name, run) ?? this.#once.run(name, run);
  }

  #find(uid: string): Awaitable<Session | undefined> {
    if (!isUid(uid)) return undefined;
    return whenReady(this.site.open(uid, false), (session) =>
      session instanceof Session ? this.site.handOut(session) : undefined,
    );
  }
}

function infoOf(record: SessionRecord): SessionInfo {
  const { id, principal, createdAt, lastModified, loggedInAt, level } = record;
  return {
    id,
    principal,
    createdAt,
    lastModified,
    expiresAt: deadlineOf(record),
    loggedInAt,
    level,
  };
}
