import { type Awaitable, whenReady } from '../awaitable.js';
import { type SessionHolder } from '../context/request-context.js';
import { SessionNotLoadedError } from '../errors/session.errors.js';
import { Session } from '../session/session.js';
import { type SessionCarrier } from '../session/session-carrier.js';
import { asSessionError } from '../store/store-failure.js';
import { type Credentials } from './credentials.js';
import { type HttpRequest, type RawResponse } from './http-exchange.js';
import { type HttpSessions } from './http-sessions.js';
import { refuse, setRetryAfter } from './refusal.js';
import { type FirstByte, type ResponseGate } from './response-gate.js';

/** What the response is to tell the client about its session. */
type Notice = 'nothing' | 'uid' | 'gone';

/**
 * One request and its response, as far as sessions are concerned. Nothing is read or looked up until
 * somebody asks for the session.
 */
export class SessionExchange implements SessionHolder, SessionCarrier, FirstByte {
  #opening: Promise<Session | undefined> | undefined;
  #isOpened = false;
  #failure: unknown;
  #session: Session | undefined;
  #credentials: Credentials['kind'] = 'none';
  #notice: Notice = 'nothing';
  #uid: string | undefined;
  #isAnnounced = false;
  #isEndAccepted = false;
  #loss: unknown;

  hasContext = false;
  /** What stands before the response, once there is anything that its first byte has to wait for. */
  gate: ResponseGate | undefined;

  constructor(
    private readonly http: HttpSessions,
    private readonly request: HttpRequest,
    private readonly response: RawResponse,
  ) {}

  /** The request's session, found and touched when first asked for; `undefined` where it has none. */
  open(): Awaitable<Session | undefined> {
    // Where a guard had to wait, the context that it entered is left by the time the handler runs. And one
    // that comes before the last request of its connection is answered begins in the context of that.
    if (this.hasContext || this.http.context.isOfAnother(this)) this.#enterContext();
    return this.#openOnce();
  }

  /** Goes on when the session is there. Where it cannot be opened, whoever asks for it is told. */
  openAhead(go: () => void): void {
    const fail = (error: unknown): void => {
      this.#failure = error;
      go();
    };
    let opened: Awaitable<unknown>;
    try {
      opened = this.open();
    } catch (error) {
      return fail(error);
    }
    if (opened instanceof Promise) opened.then(go, fail);
    else go();
  }

  /** The request's session; a new one is offered where it has none. */
  openOrOffer(): Awaitable<Session> {
    return whenReady(this.open(), (session) => session ?? this.#offer());
  }

  find(): Session | undefined {
    if (this.#failure !== undefined) throw this.#failure;
    // Whoever asks so has found this exchange by its context.
    const session = this.#openOnce();
    // To take one that is on its way for none would make a stranger of its client.
    if (session instanceof Promise) throw new SessionNotLoadedError();
    return session;
  }

  ask(): Session {
    return this.find() ?? this.#offer();
  }

  /** Unix seconds. */
  now(): number {
    return this.http.site.now();
  }

  get carrier(): SessionCarrier {
    return this;
  }

  get isOver(): boolean {
    return this.response.closed;
  }

  get isSealed(): boolean {
    return this.isOver || this.response.headersSent || this.gate?.isPassed === true;
  }

  get uid(): string | undefined {
    return this.#uid;
  }

  get session(): Session | undefined {
    return this.#session;
  }

  announce(uid: string): void {
    this.#uid = uid;
    this.#isAnnounced = true;
  }

  acceptEnd(): void {
    this.#isEndAccepted = true;
  }

  lose(reason: unknown): void {
    this.#loss = reason;
  }

  prepare(): Awaitable<void> {
    if (this.#loss !== undefined) throw this.#loss;
    const session = this.#session;
    if (session === undefined || (session.$phase === 'ended' && this.#isEndAccepted)) {
      return this.#decide();
    }
    // Too late to keep a new one, and to tell anybody but the log: the rest of the response may go.
    if (session.$phase === 'offered' && this.response.headersSent) {
      this.http.settle(() => this.#commit(session));
      return this.#decide();
    }
    return whenReady(this.#commit(session), () => this.#decide());
  }

  get hasHeaders(): boolean {
    return this.#notice !== 'nothing';
  }

  seal(): void {
    const { site, transport } = this.http;
    const session = this.#notice === 'uid' ? this.#session : undefined;
    if (session === undefined) transport.clear(this.response, this.#secure);
    else transport.set(this.response, this.#secure, session, site.now());
  }

  refuse(error: unknown): void {
    this.#forgetChanges(error);
    this.http.log(refuse(this.response, error));
  }

  abort(error: unknown): void {
    this.http.log(error);
    this.response.destroy();
  }

  /** What was changed by now and not saved is saved. */
  close(): void {
    const session = this.#session;
    if (session === undefined) return;
    const place = session.$carriers?.indexOf(this) ?? -1;
    if (place !== -1) session.$carriers?.splice(place, 1);
    if (this.gate?.isPassed === true || session.$phase === 'ended') return;
    this.#leave(session);
    this.http.settle(() => this.#commit(session));
  }

  get #secure(): boolean {
    return this.http.isSecure(this.request);
  }

  #openOnce(): Awaitable<Session | undefined> {
    if (this.#isOpened) return this.#session;
    if (this.#opening !== undefined) return this.#opening;
    const opened = this.#open();
    if (opened instanceof Promise) this.#opening = opened;
    return opened;
  }

  #open(): Awaitable<Session | undefined> {
    const secure = this.#secure;
    const credentials = this.http.transport.read(this.request, secure);
    this.#credentials = credentials.kind;
    if (credentials.kind !== 'none') this.#stand();
    if (credentials.kind !== 'uid') return this.#arrive(undefined);
    this.#uid = credentials.uid;
    return this.#find(credentials.uid, secure);
  }

  #find(uid: string, secure: boolean): Awaitable<Session | undefined> {
    const { site, context, arrivals } = this.http;
    if (context.isWanted && !this.hasContext) this.#enterContext();
    const key = site.keyOf(uid);
    let found: Awaitable<Session | 'rotated' | undefined>;
    try {
      found = site.open(uid, true, secure, key);
    } catch (error) {
      return this.#fail(error);
    }
    if (!(found instanceof Promise)) {
      if (found instanceof Session && site.isInUse(found)) this.#enterContext();
      return this.#arrive(found);
    }
    // Once it waits it is too late to enter a context, so it has to be known now who is there, or on the way.
    if (arrivals.has(key) || site.isHeldInUse(key)) this.#enterContext();
    arrivals.begin(key);
    return found.then(
      (session) => {
        arrivals.end(key);
        return this.#arrive(session);
      },
      (error: unknown) => {
        arrivals.end(key);
        return this.#fail(error);
      },
    );
  }

  /** What the store throws, as an error that tells the client when to come back. */
  #fail(reason: unknown): never {
    const error = asSessionError(reason);
    setRetryAfter(this.response, error);
    throw error;
  }

  #arrive(session: Session | 'rotated' | undefined): Session | undefined {
    this.#isOpened = true;
    // Its client is about to be told the new uid, by another response.
    if (session === 'rotated') this.#credentials = 'none';
    if (typeof session !== 'object') return undefined;
    session.$isKnown = true;
    this.#carry(session);
    return session;
  }

  #offer(): Session {
    if (this.#session !== undefined) return this.#session;
    const session = this.http.site.offer(this.#secure);
    session.$offeredTo = this;
    this.#uid = session.$uid;
    this.#stand();
    this.#carry(session);
    return session;
  }

  #carry(session: Session): void {
    this.#session = session;
    session.$carriers ??= [];
    // One that is over already has had its `close()`, and would stay for ever.
    if (this.isOver) this.#leave(session);
    else session.$carriers.push(this);
  }

  /** Its code may run on, where nothing tells it from that of a request to come. */
  #leave(session: Session): void {
    if (!this.hasContext) session.$isHandedOut = true;
  }

  #enterContext(): void {
    this.hasContext = true;
    this.http.context.enter(this);
  }

  #stand(): void {
    this.gate ??= this.http.gatekeeper.stand(this.response, this);
  }

  #decide(): void {
    const session = this.#session;
    if (session?.$phase !== 'kept') this.#notice = this.#isUnknown ? 'gone' : 'nothing';
    // One who was told of a uid that is dead by now is told nothing: the living one is somebody else's.
    else this.#notice = this.#isAnnounced && this.#uid === session.$uid ? 'uid' : 'nothing';
  }

  /** Whether the client brought what is no session. A store that has not answered did not say so. */
  get #isUnknown(): boolean {
    return this.#credentials === 'malformed' || (this.#credentials === 'uid' && this.#isOpened);
  }

  /** The client is told that nothing was done, and may repeat it: so nothing of it is saved later. */
  #forgetChanges(reason: unknown): void {
    const session = this.#session;
    if (session?.$phase !== 'kept') return;
    session.$states?.revert(reason);
    // Whose changes they were cannot be told, so everybody who uses the session now is told the same.
    for (const carrier of session.$carriers ?? []) if (carrier !== this) carrier.lose(reason);
  }

  /** Saves what its handler changed. Where nobody else uses the session, nobody can change it unasked. */
  #commit(session: Session): Awaitable<void> {
    return whenReady(this.http.site.commit(session), () => {
      if ((session.$carriers?.length ?? 0) <= 1) session.$states?.settle();
    });
  }
}
