import { inspect } from 'node:util';
import { SessionOptionError } from '../errors/session.errors.js';
import { cookieNames } from './cookie-names.js';
import { domainProblem, pathProblem } from './cookie-rules.js';
import { trustedPeers } from './trusted-peers.js';

/**
 * The session cookie: the `cookie` option of `SessionModule`. The defaults suit an application with one
 * host name; over https they give `__Host-sid=…; Path=/; HttpOnly; Secure; SameSite=Lax`.
 *
 * `HttpOnly` is always there: no script has a use for the cookie, and an injected one must not read it
 * (OWASP Session Management Cheat Sheet).
 *
 * @publicApi
 */
export interface SessionCookieOptions {
  /**
   * The name over plain http. Over https it gets the prefix `__Host-`, or `__Secure-` where `path` or
   * `domain` rule that out: a browser takes such a cookie only from https, and `__Host-` from no other
   * host, so neither a network attacker nor a sibling domain can plant one (RFC 6265bis, section 4.1.3).
   * The two names differ, so a session made over http is never accepted over https.
   *
   * A name that begins with `__Host-` or `__Secure-` is taken as the one over https.
   *
   * @default 'sid'
   */
  readonly name?: string;

  /** The path under which the cookie is sent. It separates applications on a host, not their trust. @default '/' */
  readonly path?: string;

  /**
   * The domain whose hosts all receive the cookie: `example.com` for `shop.example.com` and
   * `admin.example.com`. Each of them can then read and set it, which is why there is none by default.
   *
   * @default none: only the host that set it
   */
  readonly domain?: string;

  /**
   * Which requests from other sites bring the cookie: `'lax'` links only, `'strict'` none (who follows a
   * link arrives logged out), `'none'` all, frames and forms included, which needs `Secure` and a CSRF
   * defence of the application's own.
   *
   * @default 'lax'
   */
  readonly sameSite?: 'lax' | 'strict' | 'none';

  /**
   * Gives each top-level site that embeds this one a cookie of its own (CHIPS). For embedded
   * applications, with `sameSite: 'none'`. Needs `Secure`.
   *
   * @default false
   */
  readonly partitioned?: boolean;

  /**
   * Keeps the cookie when the browser is closed, until the absolute end of the session (`Max-Age`). It
   * is off because on a shared computer closing the browser is how people leave.
   *
   * @default false
   */
  readonly persistent?: boolean;

  /**
   * Whether the cookie is `Secure`: `true` always, so that over plain http there is no session; `false`
   * never, for a network without TLS; `'auto'` over https, and always where `NODE_ENV` is `production`,
   * so that a proxy set up wrongly shows at once and does not send cookies in the clear.
   *
   * @default 'auto'
   */
  readonly secure?: boolean | 'auto';

  /**
   * Whose `X-Forwarded-Proto` is believed, beside those whom the framework trusts already: `true` for
   * every peer, or the IP addresses and CIDR ranges of the proxies. Trusting every peer is right only
   * where clients cannot reach this process but through the proxy.
   *
   * @default undefined: Express's `trust proxy` or Fastify's `trustProxy` alone decide
   */
  readonly trustProxy?: boolean | string | readonly string[];
}

/** The cookie's options with all defaults in place. */
export type CookieSettings = Required<Omit<SessionCookieOptions, 'domain' | 'trustProxy'>> &
  Pick<SessionCookieOptions, 'domain' | 'trustProxy'>;

const DEFAULTS: CookieSettings = Object.freeze({
  name: 'sid',
  path: '/',
  domain: undefined,
  sameSite: 'lax',
  partitioned: false,
  persistent: false,
  secure: 'auto',
  trustProxy: undefined,
});

/**
 * Fills in the defaults. An option that is `undefined` is not given.
 *
 * Throws {@link SessionOptionError} that names the option which makes no sense, and the way out.
 *
 * @param isProduction whether `NODE_ENV` is `production`
 */
export function checkCookieOptions(
  options: SessionCookieOptions,
  isProduction = process.env.NODE_ENV === 'production',
): CookieSettings {
  const settings = withDefaults(options);
  refuseIf('path', pathProblem(settings.path));
  refuseIf('domain', domainProblem(settings.domain));
  refuseIf('secure', choiceProblem(settings.secure, [true, false, 'auto']));
  refuseIf('sameSite', choiceProblem(settings.sameSite, ['lax', 'strict', 'none']));
  refuseIf('partitioned', choiceProblem(settings.partitioned, [true, false]));
  refuseIf('persistent', choiceProblem(settings.persistent, [true, false]));
  if (!isSecureOnly(settings, isProduction)) {
    const cure = 'needs a Secure cookie on every connection: set cookie.secure to true.';
    refuseIf('sameSite', settings.sameSite === 'none' ? `'none' ${cure}` : undefined);
    refuseIf('partitioned', settings.partitioned ? cure : undefined);
  }
  cookieNames(settings);
  trustedPeers(settings.trustProxy);
  return settings;
}

/** Whether the plain cookie is never sent, and there is no session without TLS. */
export function isSecureOnly({ secure }: CookieSettings, isProduction: boolean): boolean {
  return secure === true || (secure === 'auto' && isProduction);
}

function withDefaults(options: unknown): CookieSettings {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new SessionOptionError('cookie', 'must be an object of options, or false for no cookie.');
  }
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [key] of given) {
    refuseIf(key, Object.hasOwn(DEFAULTS, key) ? undefined : unknownProblem(key));
  }
  return { ...DEFAULTS, ...Object.fromEntries(given) };
}

/** Options that people bring along from other session libraries, and what they are here. */
function unknownProblem(key: string): string {
  switch (key) {
    case 'httpOnly':
      return 'is no option: the cookie is always HttpOnly.';
    case 'maxAge':
    case 'expires':
      return 'is no option: set cookie.persistent, and the cookie lives as long as absoluteTimeout.';
    case 'signed':
      return 'is no option: a uid is 256 random bits and needs no signature.';
    default:
      return `is no option. There are ${Object.keys(DEFAULTS).join(', ')}.`;
  }
}

function choiceProblem(value: unknown, choices: readonly unknown[]): string | undefined {
  if (choices.includes(value)) return undefined;
  return `must be ${choices.map((choice) => inspect(choice)).join(' or ')}, not ${inspect(value)}.`;
}

function refuseIf(option: string, problem: string | undefined): void {
  if (problem !== undefined) throw new SessionOptionError(`cookie.${option}`, problem);
}
