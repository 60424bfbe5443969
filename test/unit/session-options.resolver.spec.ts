import { MemorySessionStore, NodeReactor, SessionOptionError } from 'nestjs-live-session';
import { resolveSessionOptions } from '../../lib/session-options.resolver.js';

const THIRTY_DAYS = 30 * 24 * 3600;

/** What the options are refused with. They come from JavaScript, so the compiler has not seen them. */
function refusal(options: unknown, isGlobal?: unknown): SessionOptionError {
  try {
    resolveSessionOptions(options as object, isGlobal);
  } catch (error) {
    if (error instanceof SessionOptionError) return error;
    throw error;
  }
  throw new Error('The options were accepted.');
}

const NO_NUMBERS: readonly unknown[] = [
  '900',
  '',
  true,
  null,
  {},
  [900],
  900n,
  Symbol('900'),
  () => 900,
];
const NO_SECONDS: readonly unknown[] = [Number.NaN, 0, -0, -1, Infinity, -Infinity, ...NO_NUMBERS];
const NO_COUNTS: readonly unknown[] = [...NO_SECONDS, 0.5, 1.5, Number.MAX_SAFE_INTEGER + 1];

/** One row for each option and nonsense value of it. */
const rows = (option: string, values: readonly unknown[]) =>
  values.map((value) => ({ option, value }));

describe('resolveSessionOptions', () => {
  it('fills in the documented defaults', () => {
    const options = resolveSessionOptions({});

    expect(options).toEqual({
      sessionTimeout: 900,
      absoluteTimeout: THIRTY_DAYS,
      cookie: {},
      maxBytes: 65_536,
      maxComponentBytes: 16_384,
    });
  });

  it('takes an option that is undefined as not given', () => {
    const options = resolveSessionOptions({ sessionTimeout: undefined, maxBytes: undefined });

    expect(options).toEqual(resolveSessionOptions({}));
  });

  it('leaves the options that it is given alone', () => {
    const given = Object.freeze({ sessionTimeout: 60, cookie: Object.freeze({ name: 'shop' }) });

    const options = resolveSessionOptions(given);

    expect(options).toMatchObject(given);
  });

  describe.each([
    ...rows('sessionTimeout', NO_SECONDS),
    ...rows('absoluteTimeout', NO_SECONDS),
    ...rows('maxSessions', NO_COUNTS),
    ...rows('maxBytes', NO_COUNTS),
    ...rows('maxComponentBytes', NO_COUNTS),
    ...rows('store', [null, 1, 'redis', {}, MemorySessionStore, new Map()]),
    ...rows('reactor', [null, 1, 'node', {}, NodeReactor, { seconds: () => 0 }]),
    ...rows('cookie', [null, true, 1, 'sid', [], () => ({})]),
    ...rows('header', [null, true, 1, '', ' ', 'x session', 'x_session', 'x:session', 'ä', {}]),
    ...rows('header', ['cookie', 'Set-Cookie', 'Content-Type', 'Host', 'Vary', 'Cache-Control']),
    ...rows('maxPerPrincipal', [null, 3, 'refuse', true]),
  ])('with $option: $value', ({ option, value }) => {
    it('names the option', () => {
      const error = refusal({ [option]: value });

      expect(error.option.split('.')[0]).toBe(option);
      expect(error.code).toBe('SESSION_OPTION_INVALID');
    });

    it('says what the option has to be', () => {
      const { message } = refusal({ [option]: value });

      expect(message).toMatch(/^\w[\w.]* .*(must|is no).*\.$/);
    });
  });

  it.each([
    ['maxPerPrincipal.limit', { maxPerPrincipal: { policy: 'refuse' } }],
    ['maxPerPrincipal.limit', { maxPerPrincipal: [] }],
    ['maxPerPrincipal.limit', { maxPerPrincipal: { limit: 0, policy: 'refuse' } }],
    ['maxPerPrincipal.limit', { maxPerPrincipal: { limit: 1.5, policy: 'refuse' } }],
    ['maxPerPrincipal.limit', { maxPerPrincipal: { limit: '3', policy: 'refuse' } }],
    ['maxPerPrincipal.policy', { maxPerPrincipal: { limit: 3 } }],
    ['maxPerPrincipal.policy', { maxPerPrincipal: { limit: 3, policy: 'end-newest' } }],
    ['maxPerPrincipal.policy', { maxPerPrincipal: { limit: 3, policy: null } }],
    ['maxPerPrincipal.max', { maxPerPrincipal: { limit: 3, policy: 'refuse', max: 4 } }],
    ['cookie.name', { cookie: { name: 'my sid' } }],
    ['cookie.name', { cookie: { name: '' } }],
    ['cookie.name', { cookie: { name: 'sid;' } }],
    ['cookie.name', { cookie: { name: '__Host-sid', domain: 'example.com' } }],
    ['cookie.name', { cookie: { name: '__Host-sid', path: '/shop' } }],
    ['cookie.path', { cookie: { path: 'shop' } }],
    ['cookie.domain', { cookie: { domain: '.example.com' } }],
    ['cookie.sameSite', { cookie: { sameSite: 'none' } }],
    ['cookie.sameSite', { cookie: { sameSite: 'none', secure: false } }],
    ['cookie.sameSite', { cookie: { sameSite: 'Lax' } }],
    ['cookie.sameSite', { cookie: { sameSite: true } }],
    ['cookie.secure', { cookie: { secure: 'yes' } }],
    ['cookie.partitioned', { cookie: { partitioned: true } }],
    ['cookie.persistent', { cookie: { persistent: 1 } }],
    ['cookie.trustProxy', { cookie: { trustProxy: 'proxy.local' } }],
    ['cookie.maxAge', { cookie: { maxAge: 900 } }],
    ['header', { cookie: false }],
  ])('names %s in %j', (option, options) => {
    expect(refusal(options).option).toBe(option);
  });

  it.each(['timeout', 'cookies', 'secret', 'resave', 'ttl', 'constructor', '0'])(
    'refuses the unknown option %s, and lists those that there are',
    (name) => {
      const error = refusal({ [name]: 900 });

      expect(error.option).toBe(name);
      expect(error.message).toContain('sessionTimeout, absoluteTimeout');
    },
  );

  it.each([undefined, null, 900, '900', true])('refuses %p in place of all options', (options) => {
    expect(refusal(options)).toMatchObject({ option: 'options' });
  });

  it.each([null, 0, 1, 'false', {}])('refuses isGlobal: %p', (isGlobal) => {
    expect(refusal({}, isGlobal)).toMatchObject({ option: 'isGlobal' });
  });

  it('refuses isGlobal from a factory, where it would be ignored', () => {
    const error = refusal({ isGlobal: false });

    expect(error.option).toBe('isGlobal');
    expect(error.message).toContain('forRootAsync()');
  });

  it('shows numbers in its messages, and of other values the type alone', () => {
    expect(refusal({ sessionTimeout: -5 }).message).toContain('-5');
    expect(refusal({ sessionTimeout: 's3cret' }).message).not.toContain('s3cret');
  });

  describe('at the boundaries', () => {
    it('refuses a sessionTimeout just over the absoluteTimeout', () => {
      const error = refusal({ sessionTimeout: 900.001, absoluteTimeout: 900 });

      expect(error.option).toBe('sessionTimeout');
    });

    it('takes a sessionTimeout as long as the absoluteTimeout', () => {
      const given = { sessionTimeout: 900, absoluteTimeout: 900 };

      expect(resolveSessionOptions(given)).toMatchObject(given);
    });

    it('refuses an absoluteTimeout shorter than the default sessionTimeout', () => {
      expect(refusal({ absoluteTimeout: 899 }).option).toBe('sessionTimeout');
    });

    it.each([
      [THIRTY_DAYS - 1, THIRTY_DAYS],
      [THIRTY_DAYS, THIRTY_DAYS],
      [THIRTY_DAYS + 1, THIRTY_DAYS + 1],
    ])('lets a session of %d idle seconds live for %d', (sessionTimeout, absoluteTimeout) => {
      expect(resolveSessionOptions({ sessionTimeout }).absoluteTimeout).toBe(absoluteTimeout);
    });

    it.each([0.001, 1, 0.5, 2 ** 31, 1e15])('takes a sessionTimeout of %d', (sessionTimeout) => {
      expect(resolveSessionOptions({ sessionTimeout }).sessionTimeout).toBe(sessionTimeout);
    });

    it.each([1, Number.MAX_SAFE_INTEGER])('takes maxSessions: %d', (maxSessions) => {
      expect(resolveSessionOptions({ maxSessions }).maxSessions).toBe(maxSessions);
    });

    it('refuses a component larger than the session', () => {
      expect(refusal({ maxBytes: 100, maxComponentBytes: 101 }).option).toBe('maxComponentBytes');
    });

    it('takes a component as large as the session', () => {
      const given = { maxBytes: 100, maxComponentBytes: 100 };

      expect(resolveSessionOptions(given)).toMatchObject(given);
    });

    it('cuts the default size of a component to that of a smaller session', () => {
      expect(resolveSessionOptions({ maxBytes: 100 }).maxComponentBytes).toBe(100);
    });
  });

  it.each([
    { cookie: false, header: 'x-session' },
    { header: 'X-Session' },
    { header: 'Authorization' },
    { cookie: { sameSite: 'none', secure: true } },
    { cookie: { name: '__Secure-shop', domain: 'example.com' } },
    { maxPerPrincipal: { limit: 1, policy: 'refuse' } },
    { maxPerPrincipal: { limit: 3, policy: 'end-oldest' } },
    { store: new MemorySessionStore(), reactor: new NodeReactor() },
  ] as const)('takes %j', (options) => {
    expect(resolveSessionOptions(options)).toMatchObject(options);
  });
});
