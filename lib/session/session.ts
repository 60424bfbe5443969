import { inspect } from 'node:util';
import { type Observable, Subscription } from 'rxjs';
import { type AdapterFactory } from '../componentized/adapter-factory.js';
import { CannotAdaptError } from '../componentized/adapter.errors.js';
import { type ComponentToken, tokenName } from '../componentized/component-token.js';
import { SessionOptionError } from '../errors/session.errors.js';
import { absoluteEndOf, type SessionRecord } from '../store/session-record.js';
import { addListener, type ExpirationListener, removeListener } from './expiration-listeners.js';
import { IsolatedObservable, isolate } from './isolated-observable.js';
import { LiveState } from './live-state.js';
import { type SessionEndReason, type SessionExpiration } from './session-expiration.js';
import { type LoginOptions, type SessionKeeper } from './session-keeper.js';

/**
 * One user's session: live, typed, and the same object for everybody on this node who holds it.
 *
 * It is `Componentized`: the application hangs its own objects on it and asks for them by
 * interface. It ends exactly once, whoever or whatever ends it, and tells everybody who asked. All
 * durations are seconds, all instants Unix seconds.
 *
 * A session that a request was offered but did not use is never kept. Reading its `uid` or `id`,
 * subscribing to its end, touching, saving and logging in are use, and so is a change to a component.
 *
 * Modelled on Twisted Web's `Session`.
 *
 * @publicApi
 */
export class Session extends LiveState {
  readonly #keeper: SessionKeeper;

  /** Made by `SessionService` only. */
  constructor(record: SessionRecord, uid: string, keeper: SessionKeeper) {
    super(keeper.catalog.adapters, record, uid);
    this.#keeper = keeper;
  }

  /** The secret that the client carries: 32 random bytes as base64url. Never log it; log `id`. */
  get uid(): string {
    this.#use();
    return this.$uid;
  }

  /** The public handle: for logs, events and administration. It never changes. */
  get id(): string {
    this.#use();
    return this.$record.id;
  }

  /**
   * How long it may be idle, in seconds. Setting it counts as a touch and re-arms the time-out; a value
   * beyond what is left of the absolute timeout is cut to it.
   *
   * @throws SessionOptionError for anything but a positive finite number; nothing is changed.
   */
  get sessionTimeout(): number {
    // What the store was not told yet is not in what it answers.
    return this.$retimed ?? this.$record.sessionTimeout;
  }

  set sessionTimeout(seconds: number) {
    if (!Number.isFinite(seconds) || seconds <= 0) {
      throw new SessionOptionError('sessionTimeout', 'must be a positive number of seconds.');
    }
    this.#keeper.retime(this, seconds);
  }

  /** How long it may live since it was made, or since the last login, however busy it is. */
  get absoluteTimeout(): number {
    return this.$record.absoluteTimeout;
  }

  get createdAt(): number {
    return this.$record.createdAt;
  }

  /** When it was last touched. Never goes back. */
  get lastModified(): number {
    return this.$record.lastModified;
  }

  /** When it ends if nobody touches it; when it ended, if it has. */
  get expiresAt(): number {
    if (this.$expiration !== undefined) return this.$expiration.at;
    return Math.min(this.lastModified + this.sessionTimeout, this.absoluteExpiresAt);
  }

  /** When the absolute timeout ends it, whatever happens. */
  get absoluteExpiresAt(): number {
    return absoluteEndOf(this.$record);
  }

  /** Whether it has ended. */
  get isExpired(): boolean {
    return this.$phase === 'ended';
  }

  /** Whether no client has come back with it yet. */
  get isNew(): boolean {
    return !this.$isKnown;
  }

  /** Whose session it is: the name given to {@link login}. */
  get principal(): string | undefined {
    return this.$record.principal;
  }

  /** The strength of the last login, in the application's words. */
  get level(): string | undefined {
    return this.$record.level;
  }

  /** When the last login was. */
  get loggedInAt(): number | undefined {
    return this.$record.loggedInAt;
  }

  /**
   * Emits once, when the session ends, and completes. A late subscriber is told at once. The components
   * hold what was saved last, whoever did: not what an `update()` under way has made of them.
   */
  get expire$(): Observable<SessionExpiration> {
    return new IsolatedObservable(
      (subscriber) =>
        this.#listen((expiration) => {
          subscriber.next(expiration);
          subscriber.complete();
        }),
      (error) => this.#keeper.report(error),
    );
  }

  /** Puts the end off to a whole `sessionTimeout` from now. Returns `false` where it has ended. */
  touch(): boolean {
    return this.#keeper.touch(this);
  }

  /**
   * Lets the time-outs run. The service does so for every session that it keeps; a second call changes
   * nothing.
   */
  startCheckingExpiration(): void {
    this.#use();
  }

  /**
   * Calls back once, when the session ends; at once where it has. Callbacks run in the order of
   * registration; one that throws or rejects is logged, and the next is called.
   */
  notifyOnExpire(callback: (expiration: SessionExpiration) => unknown): Subscription {
    return this.#listen(callback);
  }

  /** Ends it. Resolves when the end is recorded; ending it again changes nothing. */
  expire(reason: SessionEndReason = 'logout'): Promise<void> {
    return this.#keeper.end(this, reason);
  }

  /** Saves what has changed; durable when it resolves. Requests save by themselves. */
  save(): Promise<void> {
    return this.#keeper.save(this);
  }

  /**
   * Changes a component, and those that it holds, and saves them, as one step against others who do the
   * same: with an `async` function they wait for each other, and on a conflict with another node the
   * function is run again. Where it throws, their states are put back as they were, with whatever else
   * was changed of them meanwhile: so change by `update()` what others do. What the function has removed
   * or set stays so.
   *
   * Do not await an update within another one that changes the same, be it in a component that both hold:
   * they would wait for each other.
   *
   * @throws SessionExpiredError where the session has ended when its turn comes, and the function is not
   *   run; or ends before the change is saved.
   */
  async update<T, R>(component: ComponentToken<T>, fn: (component: T) => R): Promise<Awaited<R>> {
    const find = (): T & object => {
      const target = this.getComponent(component);
      if (typeof target === 'object' && target !== null) return target;
      throw new CannotAdaptError('Session', tokenName(component));
    };
    return this.#keeper.update(this, find, fn);
  }

  /** Gives it a new uid and keeps everything else. The old uid is dead when it resolves. */
  regenerate(): Promise<void> {
    return this.#keeper.rotate(this);
  }

  /**
   * Makes it the session of a principal: a new uid, a new absolute timeout. Components marked
   * `onLogin: 'drop'` are left behind.
   *
   * @throws SessionLimitError where `maxPerPrincipal` refuses another session.
   * @throws SessionConflictError where it was given another uid meanwhile, or nothing tells whose request this is.
   */
  login(principal: string, { level }: LoginOptions = {}): Promise<void> {
    if (typeof principal !== 'string' || principal === '') {
      return Promise.reject(
        new SessionOptionError(
          'principal',
          'must be a string that is not empty: the name of a user.',
        ),
      );
    }
    return this.#keeper.rotate(this, { principal, level });
  }

  /** Ends it with the reason `logout`. */
  logout(): Promise<void> {
    return this.expire('logout');
  }

  /**
   * The component that provides an interface: made on first use, by Nest's container, and then the
   * same one. `undefined`, or the fallback, where nothing provides it.
   */
  override getComponent<T>(component: ComponentToken<T>): T;
  override getComponent<T, D>(component: ComponentToken<T>, fallback: D): T | D;
  override getComponent<T, D>(token: ComponentToken<T>, fallback?: D): T | D | undefined {
    const component = super.getComponent(token, fallback);
    this.$states?.ask(component);
    return component;
  }

  override setComponent<T>(token: ComponentToken<T>, component: NoInfer<T>): void {
    const blueprint = this.#keeper.catalog.blueprintOfComponent(component);
    if (blueprint?.hasState === true) {
      const replaced = this.#keeper.statesOf(this).adopt(component as object, blueprint);
      // There is one component for all the interfaces that it provides, so it goes from all of them.
      if (replaced !== undefined) super.removeComponent(replaced);
    }
    super.setComponent(token, component);
  }

  override removeComponent(component: unknown): ComponentToken[] {
    this.$states?.remove(component);
    return super.removeComponent(component);
  }

  override unsetComponent(component: ComponentToken): void {
    const released = this.$states?.release(component);
    if (released !== undefined) super.removeComponent(released);
    super.unsetComponent(component);
  }

  protected override createAdapter(factory: AdapterFactory): unknown {
    const { catalog } = this.#keeper;
    const blueprint = catalog.blueprintOf(factory);
    if (blueprint === undefined) return super.createAdapter(factory);
    if (blueprint.hasState) return this.#keeper.statesOf(this).create(blueprint);
    return catalog.build(blueprint, this);
  }

  /** What may be shown of it. No uid. */
  toJSON(): Record<string, unknown> {
    const { id, principal, createdAt, lastModified, expiresAt } = this;
    return { id, principal, createdAt, lastModified, expiresAt };
  }

  [inspect.custom](): string {
    const { id, principal } = this.$record;
    const whose = principal === undefined ? '' : ` of ${principal}`;
    return `Session { ${id}${whose}, ${this.$phase} }`;
  }

  /** @internal */
  override get $self(): Session {
    return this;
  }

  #listen(listener: ExpirationListener): Subscription {
    const expiration = this.$expiration;
    if (expiration !== undefined) {
      isolate(
        () => listener(expiration),
        (error) => this.#keeper.report(error),
      );
      return Subscription.EMPTY;
    }
    this.#use();
    const waiting = addListener(this, listener);
    this.#keeper.hold(this);
    return new Subscription(() => {
      removeListener(this, waiting);
      this.#keeper.hold(this);
    });
  }

  #use(): void {
    if (this.$phase === 'offered') this.#keeper.keep(this);
  }
}
