import { SessionOptionError } from '../errors/session.errors.js';

/** A token by RFC 9110, section 5.6.2, which RFC 6265bis wants a cookie's name to be. */
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;

/** The prefixes that are ours to use, as they are spelled. */
const PREFIX = /^__(Host|Secure)-/;

/** What a browser takes for a prefix, in any case, or will: it drops the cookie if the rules are not met. */
const RESERVED = /^__(host|secure|http|host-http)-/i;

/** What of the cookie's settings its names depend on. */
export interface NameSettings {
  readonly name: string;
  readonly path: string;
  readonly domain?: string | undefined;
  readonly secure: boolean | 'auto';
}

/**
 * The names of the two cookies; they are never the same. A name with a prefix is the secure cookie's,
 * and the plain one's is the rest of it. A name without gets the strictest prefix whose rules the path
 * and the domain meet (RFC 6265bis, section 4.1.3).
 *
 * Throws {@link SessionOptionError} where the name is no token, or its prefix asks for what the other
 * options rule out.
 */
export function cookieNames(settings: NameSettings): {
  readonly plain: string;
  readonly secure: string;
} {
  const { name } = settings;
  const isHostOnly = settings.path === '/' && settings.domain === undefined;
  if (typeof name !== 'string' || !TOKEN.test(name)) {
    refuse('must be made of letters, digits and -._~ and the like, as in sid.');
  }
  const prefix = PREFIX.exec(name)?.[0];
  const plain = name.slice(prefix?.length ?? 0);
  if (plain === '' || RESERVED.test(plain)) {
    refuse(
      'has a prefix that browsers reserve, or nothing but one: write __Host-sid or __Secure-sid, spelled so, or sid alone.',
    );
  }
  if (prefix === undefined) {
    return { plain, secure: `${isHostOnly ? '__Host-' : '__Secure-'}${plain}` };
  }
  if (settings.secure === false) {
    refuse(
      `begins with ${prefix}, which needs a Secure cookie: set cookie.secure to true or 'auto'.`,
    );
  }
  if (prefix === '__Host-' && !isHostOnly) {
    refuse(`begins with __Host-, which allows no domain and no path but '/': take ${plain}.`);
  }
  return { plain, secure: name };
}

function refuse(problem: string): never {
  throw new SessionOptionError('cookie.name', problem);
}
