import { type CookieSettings } from './cookie-options.js';

/** Said to old clients that know no `Max-Age`. */
const FORGOTTEN = 'Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT';

/** One cookie, ready to be sent: its name and the values of its `Set-Cookie` header. */
export class SessionCookie {
  readonly #attributes: string;
  readonly #isPersistent: boolean;
  readonly #clearing: string;

  constructor(
    /** The name, with its prefix. */
    readonly name: string,
    settings: CookieSettings,
    isSecure: boolean,
  ) {
    this.#attributes = attributes(settings, isSecure);
    this.#isPersistent = settings.persistent;
    this.#clearing = `${name}=${this.#attributes}; ${FORGOTTEN}`;
  }

  /**
   * The header that gives the client its uid.
   *
   * @param remaining seconds until the absolute end of the session: the life of a persistent cookie
   */
  set(uid: string, remaining: number): string {
    const cookie = `${this.name}=${uid}${this.#attributes}`;
    if (!this.#isPersistent) return cookie;
    return `${cookie}; Max-Age=${Math.max(0, Math.floor(remaining))}`;
  }

  /** The header that makes the client forget it. A client matches name, domain, path and partition. */
  clear(): string {
    return this.#clearing;
  }
}

function attributes(settings: CookieSettings, isSecure: boolean): string {
  const { path, domain, sameSite, partitioned } = settings;
  let text = `; Path=${path}`;
  if (domain !== undefined) text += `; Domain=${domain}`;
  text += '; HttpOnly';
  if (isSecure) text += '; Secure';
  text += `; SameSite=${SAME_SITE[sameSite]}`;
  if (partitioned) text += '; Partitioned';
  return text;
}

const SAME_SITE = Object.freeze({ lax: 'Lax', strict: 'Strict', none: 'None' });
