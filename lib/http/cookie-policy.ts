import { cookieNames } from './cookie-names.js';
import { checkCookieOptions, isSecureOnly, type SessionCookieOptions } from './cookie-options.js';
import { SessionCookie } from './session-cookie.js';

const OBSTACLE =
  'The session cookie is Secure and a request came over plain http, so it was given no session. ' +
  "Behind a proxy that ends TLS, let the proxy send X-Forwarded-Proto and trust it: Express's " +
  "'trust proxy', Fastify's trustProxy, or cookie.trustProxy. Without TLS, set cookie.secure to false.";

/**
 * Which of the two cookies a connection gets, the `Secure` one or the plain one. The same one is read
 * and written, so a session that was made over the other kind of connection is never accepted.
 *
 * | `secure` | over https | over plain http |
 * |---|---|---|
 * | `true`, or `'auto'` in production | secure | none: a browser would not keep it |
 * | `'auto'` | secure | plain |
 * | `false` | plain | plain |
 */
export class CookiePolicy {
  readonly #overTls: SessionCookie;
  readonly #overPlain: SessionCookie;
  readonly #isSecureOnly: boolean;

  /**
   * Throws {@link SessionOptionError} where the options make no sense.
   *
   * @param isProduction whether `NODE_ENV` is `production`
   */
  constructor(
    options: SessionCookieOptions = {},
    isProduction = process.env.NODE_ENV === 'production',
  ) {
    const settings = checkCookieOptions(options, isProduction);
    const names = cookieNames(settings);
    const secure = new SessionCookie(names.secure, settings, true);
    const plain = new SessionCookie(names.plain, settings, false);
    this.#isSecureOnly = isSecureOnly(settings, isProduction);
    this.#overTls = settings.secure === false ? plain : secure;
    this.#overPlain = this.#isSecureOnly ? secure : plain;
  }

  /** Why no cookie can be sent over such a connection, and the cure; `undefined` where one can. */
  obstacle(isSecure: boolean): string | undefined {
    return this.#isSecureOnly && !isSecure ? OBSTACLE : undefined;
  }

  /** The name of the cookie to read; `undefined` where none is accepted, because none can be sent. */
  acceptedName(isSecure: boolean): string | undefined {
    return this.#isSecureOnly && !isSecure ? undefined : this.#cookie(isSecure).name;
  }

  /**
   * The `Set-Cookie` value that gives the client its uid.
   *
   * @param remaining seconds until the absolute end of the session: the life of a persistent cookie
   */
  set(isSecure: boolean, uid: string, remaining: number): string {
    return this.#cookie(isSecure).set(uid, remaining);
  }

  /** The `Set-Cookie` value that makes the client forget it. */
  clear(isSecure: boolean): string {
    return this.#cookie(isSecure).clear();
  }

  #cookie(isSecure: boolean): SessionCookie {
    return isSecure ? this.#overTls : this.#overPlain;
  }
}
