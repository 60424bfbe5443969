import { type SessionCookieOptions } from './http/cookie-options.js';
import { type Reactor } from './reactor/reactor.js';
import { type PrincipalLimit, type SessionStore } from './store/session.store.js';

/**
 * What `SessionModule.forRoot()` takes. Durations are seconds, fractions allowed.
 *
 * @publicApi
 */
export interface SessionModuleOptions {
  /**
   * How long a session may be idle. OWASP advises 15 to 30 minutes where little is at stake, 2 to 5
   * where much is.
   *
   * @default 900, as in Twisted
   */
  readonly sessionTimeout?: number;
  /**
   * How long a session may live, however busy it is, since it was made or since the last login: a
   * stolen one is of no use for ever.
   *
   * @default 30 days, or `sessionTimeout` where that is longer
   */
  readonly absoluteTimeout?: number;
  /**
   * Where sessions are kept. One store serves one application.
   *
   * @default a new `MemorySessionStore`: sessions live in this process and end with it
   */
  readonly store?: SessionStore;
  /**
   * The time and the timers. A provider override (`overrideProvider(Reactor)`) comes first.
   *
   * @default a new `NodeReactor`
   */
  readonly reactor?: Reactor;
  /**
   * The cookie that carries the uid; `false` for none, where a `header` does.
   *
   * @default `__Host-sid` over https and in production, `sid` over plain http otherwise
   */
  readonly cookie?: SessionCookieOptions | false;
  /**
   * A request header that carries the uid, for clients without cookies; a new uid is answered in the
   * response header of that name.
   *
   * @default none
   */
  readonly header?: string;
  /**
   * The most sessions that the embedded store holds: the one that would end first makes room, with
   * the reason `limit`.
   *
   * @default no limit
   */
  readonly maxSessions?: number;
  /**
   * How many sessions one principal may have, and whether a login beyond that is refused or ends the
   * oldest.
   *
   * @default no limit
   */
  readonly maxPerPrincipal?: PrincipalLimit;
  /**
   * The most bytes of state in a session: what every request may have to load.
   *
   * @default 65536
   */
  readonly maxBytes?: number;
  /**
   * The most bytes of state in one component.
   *
   * @default 16384, or `maxBytes` where that is less
   */
  readonly maxComponentBytes?: number;
}
