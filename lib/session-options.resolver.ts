import { SessionOptionError } from './errors/session.errors.js';
import { checkCookieOptions } from './http/cookie-options.js';
import { Reactor } from './reactor/reactor.js';
import { type SessionModuleOptions } from './session-options.js';
import { type PrincipalLimit, SessionStore } from './store/session.store.js';

/** The options with every default filled in. */
export type ResolvedSessionOptions = Required<
  Omit<SessionModuleOptions, 'store' | 'reactor' | 'header' | 'maxSessions' | 'maxPerPrincipal'>
> &
  Pick<SessionModuleOptions, 'store' | 'reactor' | 'header' | 'maxSessions' | 'maxPerPrincipal'>;

const THIRTY_DAYS = 30 * 24 * 60 * 60;

const DEFAULTS = Object.freeze({
  sessionTimeout: 900,
  cookie: Object.freeze({}),
  maxBytes: 65_536,
  maxComponentBytes: 16_384,
});

const NAMES: ReadonlySet<string> = new Set<keyof SessionModuleOptions>([
  'sessionTimeout',
  'absoluteTimeout',
  'store',
  'reactor',
  'cookie',
  'header',
  'maxSessions',
  'maxPerPrincipal',
  'maxBytes',
  'maxComponentBytes',
]);

/** The header names that mean something else already. */
const TAKEN = new Set([
  'cache-control',
  'connection',
  'content-length',
  'content-type',
  'cookie',
  'host',
  'location',
  'retry-after',
  'set-cookie',
  'transfer-encoding',
  'vary',
]);

/**
 * Fills in the defaults.
 *
 * @param isGlobal given beside the options: Nest wants it before a factory has made them
 * @throws SessionOptionError that names the option which makes no sense
 */
export function resolveSessionOptions(
  given: SessionModuleOptions,
  isGlobal: unknown = true,
): ResolvedSessionOptions {
  checkNames(given, isGlobal);
  const { sessionTimeout = DEFAULTS.sessionTimeout } = given;
  checkSeconds('sessionTimeout', sessionTimeout);
  const { absoluteTimeout = Math.max(THIRTY_DAYS, sessionTimeout) } = given;
  checkSeconds('absoluteTimeout', absoluteTimeout);
  if (sessionTimeout > absoluteTimeout) {
    throw new SessionOptionError(
      'sessionTimeout',
      `(${sessionTimeout}) must not be longer than absoluteTimeout (${absoluteTimeout}), which ends the session first: shorten it, or raise absoluteTimeout.`,
    );
  }
  const { maxBytes = DEFAULTS.maxBytes } = given;
  checkCount('maxBytes', maxBytes);
  const options = {
    ...DEFAULTS,
    maxComponentBytes: Math.min(DEFAULTS.maxComponentBytes, maxBytes),
    ...defined(given),
    sessionTimeout,
    absoluteTimeout,
  };
  checkParts(options);
  checkLimits(options);
  checkCarriers(options);
  return options;
}

function checkNames(given: unknown, isGlobal: unknown): void {
  if (typeof given !== 'object' || given === null) {
    throw new SessionOptionError(
      'options',
      `must be an object, as in { sessionTimeout: 900 }, not ${shown(given)}: return one from the factory.`,
    );
  }
  if (typeof isGlobal !== 'boolean') {
    throw new SessionOptionError('isGlobal', `must be true or false, not ${shown(isGlobal)}.`);
  }
  for (const name of Object.keys(given)) {
    if (!NAMES.has(name)) throw new SessionOptionError(name, unknownProblem(name));
  }
}

function unknownProblem(name: string): string {
  return name === 'isGlobal'
    ? 'comes too late from a factory: give it to forRootAsync() itself, beside the factory.'
    : `is no option. There are ${[...NAMES].join(', ')} and isGlobal.`;
}

function checkSeconds(name: string, value: unknown): void {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return;
  throw new SessionOptionError(
    name,
    `must be a positive, finite number of seconds, not ${shown(value)}.`,
  );
}

function checkParts({ store, reactor }: SessionModuleOptions): void {
  if (store !== undefined && !(store instanceof SessionStore)) {
    throw new SessionOptionError(
      'store',
      'must be a SessionStore, as in new MemorySessionStore().',
    );
  }
  if (reactor !== undefined && !(reactor instanceof Reactor)) {
    throw new SessionOptionError('reactor', 'must be a Reactor, as in new NodeReactor().');
  }
}

function checkLimits(options: ResolvedSessionOptions): void {
  const { maxSessions, maxPerPrincipal, maxBytes, maxComponentBytes } = options;
  checkCount('maxComponentBytes', maxComponentBytes);
  if (maxComponentBytes > maxBytes) {
    throw new SessionOptionError(
      'maxComponentBytes',
      `must not be more than maxBytes (${maxBytes}): lower it, or raise maxBytes.`,
    );
  }
  if (maxSessions !== undefined) checkCount('maxSessions', maxSessions);
  if (maxPerPrincipal !== undefined) checkPrincipalLimit(maxPerPrincipal);
}

function checkPrincipalLimit(rule: unknown): void {
  if (typeof rule !== 'object' || rule === null) {
    throw new SessionOptionError(
      'maxPerPrincipal',
      `must be an object, as in { limit: 3, policy: 'end-oldest' }, not ${shown(rule)}.`,
    );
  }
  const { limit, policy, ...others } = rule as Partial<PrincipalLimit>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new SessionOptionError(
      `maxPerPrincipal.${unknown}`,
      'is no option. There are limit and policy.',
    );
  }
  checkCount('maxPerPrincipal.limit', limit);
  if (policy !== 'refuse' && policy !== 'end-oldest') {
    throw new SessionOptionError('maxPerPrincipal.policy', "must be 'refuse' or 'end-oldest'.");
  }
}

function checkCount(name: string, value: unknown): void {
  if (Number.isSafeInteger(value) && Number(value) > 0) return;
  throw new SessionOptionError(name, `must be a positive whole number, not ${shown(value)}.`);
}

function checkCarriers({ cookie, header }: ResolvedSessionOptions): void {
  if (cookie !== false) checkCookieOptions(cookie);
  if (header === undefined) {
    if (cookie !== false) return;
    throw new SessionOptionError(
      'header',
      'must be given where cookie is false: nothing else could carry the uid.',
    );
  }
  if (
    typeof header !== 'string' ||
    !/^[A-Za-z0-9-]+$/.test(header) ||
    TAKEN.has(header.toLowerCase())
  ) {
    throw new SessionOptionError(
      'header',
      "must be a header's name of letters, digits and dashes that is in no other use, as in 'x-session'.",
    );
  }
}

/** A value in a message: numbers as they are, of others the type alone, since they may be secret. */
function shown(value: unknown): string {
  if (typeof value === 'number' || value === undefined || value === null) return String(value);
  return `a value of type ${typeof value}`;
}

/** An option that is given as `undefined` is not given. */
function defined<T extends object>(options: T): Partial<T> {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<T>;
}
