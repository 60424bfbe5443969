import { jest } from '@jest/globals';
import { SessionOptionError } from '../../lib/errors/session.errors.js';
import { type SessionCookieOptions } from '../../lib/http/cookie-options.js';
import { CookiePolicy } from '../../lib/http/cookie-policy.js';

const HTTPS = true;
const HTTP = false;
const PRODUCTION = true;
const UID = 'A'.repeat(43);

const setup = (options: SessionCookieOptions = {}, isProduction = false): CookiePolicy =>
  new CookiePolicy(options, isProduction);

/** The option that a policy of these options is refused for; `undefined` where it is not. */
function refused(options: object, isProduction = false): string | undefined {
  try {
    Reflect.construct(CookiePolicy, [options, isProduction]);
    return undefined;
  } catch (error) {
    if (error instanceof SessionOptionError) return error.option;
    throw error;
  }
}

describe('CookiePolicy', () => {
  describe('by default', () => {
    it('sets over https the strictest cookie', () => {
      expect(setup().set(HTTPS, UID, 60)).toBe(
        `__Host-sid=${UID}; Path=/; HttpOnly; Secure; SameSite=Lax`,
      );
    });

    it('sets over plain http one without Secure', () => {
      expect(setup().set(HTTP, UID, 60)).toBe(`sid=${UID}; Path=/; HttpOnly; SameSite=Lax`);
    });

    it('clears a cookie with the attributes that it was set with', () => {
      expect(setup().clear(HTTPS)).toBe(
        '__Host-sid=; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
      );
      expect(setup().clear(HTTP)).toBe(
        'sid=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
      );
    });

    it('keeps to https where NODE_ENV is production', () => {
      const environment = jest.replaceProperty(process.env, 'NODE_ENV', 'production');

      const name = new CookiePolicy().acceptedName(HTTP);

      environment.restore();
      expect(name).toBeUndefined();
      expect(new CookiePolicy().acceptedName(HTTP)).toBe('sid');
    });

    it('takes undefined for not given', () => {
      const policy = setup({ name: undefined, path: undefined, secure: undefined });

      expect(policy.acceptedName(HTTPS)).toBe('__Host-sid');
    });
  });

  describe('with secure', () => {
    it.each([
      ['auto', false, '__Host-sid', 'sid'],
      ['auto', true, '__Host-sid', undefined],
      [true, false, '__Host-sid', undefined],
      [true, true, '__Host-sid', undefined],
      [false, false, 'sid', 'sid'],
      [false, true, 'sid', 'sid'],
    ] as const)('%s, in production %s: https %s, http %s', (secure, isProduction, https, http) => {
      const policy = setup({ secure }, isProduction);

      expect([policy.acceptedName(HTTPS), policy.acceptedName(HTTP)]).toEqual([https, http]);
      expect(policy.obstacle(HTTPS)).toBeUndefined();
      expect(policy.obstacle(HTTP) === undefined).toBe(http !== undefined);
    });

    it('false, sends over https, too, a cookie without Secure', () => {
      expect(setup({ secure: false }, PRODUCTION).set(HTTPS, UID, 60)).not.toContain('Secure');
    });

    it('true, never sets a cookie without Secure', () => {
      expect(setup({ secure: true }).set(HTTP, UID, 60)).toContain('; Secure;');
      expect(setup({ secure: true }).clear(HTTP)).toContain('; Secure;');
    });
  });

  describe('names', () => {
    it.each([
      [{ name: 'id' }, '__Host-id', 'id'],
      [{ path: '/shop' }, '__Secure-sid', 'sid'],
      [{ domain: 'example.com' }, '__Secure-sid', 'sid'],
      [{ name: '__Host-id' }, '__Host-id', 'id'],
      [{ name: '__Secure-id' }, '__Secure-id', 'id'],
      [{ name: '__Secure-id', path: '/shop' }, '__Secure-id', 'id'],
      [{ name: 'Host-id' }, '__Host-Host-id', 'Host-id'],
      [{ name: "!#$%&'*+-.^_`|~09azAZ" }, "__Host-!#$%&'*+-.^_`|~09azAZ", "!#$%&'*+-.^_`|~09azAZ"],
    ])('of %j are %s and %s', (options, secure, plain) => {
      const policy = setup(options);

      expect([policy.acceptedName(HTTPS), policy.acceptedName(HTTP)]).toEqual([secure, plain]);
    });

    it.each([
      { name: '' },
      { name: 'a b' },
      { name: 'a;b' },
      { name: 'a=b' },
      { name: 'a\r\nSet-Cookie: b' },
      { name: 'sïd' },
      { name: 'a"b' },
      { name: 7 },
      { name: '__Host-' },
      { name: '__Secure-' },
      { name: '__host-sid' },
      { name: '__SECURE-sid' },
      { name: '__Http-sid' },
      { name: '__Host-__Secure-sid' },
      { name: '__Host-sid', path: '/shop' },
      { name: '__Host-sid', domain: 'example.com' },
      { name: '__Host-sid', secure: false },
      { name: '__Secure-sid', secure: false },
    ])('are refused of %j', (options) => {
      expect(refused(options)).toBe('cookie.name');
    });
  });

  describe('attributes', () => {
    it('follow in one order', () => {
      const policy = setup({
        path: '/shop',
        domain: 'example.com',
        sameSite: 'none',
        partitioned: true,
        persistent: true,
        secure: true,
      });

      expect(policy.set(HTTPS, UID, 60)).toBe(
        `__Secure-sid=${UID}; Path=/shop; Domain=example.com; HttpOnly; Secure; SameSite=None; Partitioned; Max-Age=60`,
      );
      expect(policy.clear(HTTPS)).toBe(
        '__Secure-sid=; Path=/shop; Domain=example.com; HttpOnly; Secure; SameSite=None; Partitioned; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
      );
    });

    it('say SameSite=Strict', () => {
      expect(setup({ sameSite: 'strict' }).set(HTTP, UID, 60)).toContain('; SameSite=Strict');
    });

    it.each([
      [59.999, 59],
      [60, 60],
      [60.001, 60],
      [0.5, 0],
      [0, 0],
      [-1, 0],
    ])('give a persistent cookie %d seconds as Max-Age=%i', (remaining, maxAge) => {
      const cookie = setup({ persistent: true }).set(HTTPS, UID, remaining);

      expect(cookie.endsWith(`; Max-Age=${maxAge}`)).toBe(true);
    });
  });

  describe('options', () => {
    it.each(['/', '/shop', '/a b', '/~user/%20', `/${'a'.repeat(1022)}`, `/${'a'.repeat(1023)}`])(
      'allow the path %s',
      (path) => {
        expect(refused({ path })).toBeUndefined();
      },
    );

    it.each([
      '',
      'shop',
      ' /',
      '/;Domain=x',
      '/\r\n',
      '/\0',
      '/é',
      `/${'a'.repeat(1024)}`,
      1,
      null,
    ])('refuse the path %j', (path) => {
      expect(refused({ path })).toBe('cookie.path');
    });

    it.each(['example.com', 'localhost', 'a-b.example', 'xn--bcher-kva.example', 'a'.repeat(63)])(
      'allow the domain %s',
      (domain) => {
        expect(refused({ domain })).toBeUndefined();
      },
    );

    it.each([
      '',
      '.example.com',
      'example.com.',
      'a..b',
      '-a.example',
      'a-.example',
      'a_b.example',
      'example.com; Secure',
      'example.com\r\n',
      'exa mple.com',
      'https://example.com',
      'example.com:443',
      'bücher.example',
      'a'.repeat(64),
      Array.from({ length: 64 }, () => 'abc').join('.'),
      1,
      null,
    ])('refuse the domain %j', (domain) => {
      expect(refused({ domain })).toBe('cookie.domain');
    });

    it.each(['None', 'Lax', '', true, null])('refuse sameSite %j', (sameSite) => {
      expect(refused({ sameSite, secure: true })).toBe('cookie.sameSite');
    });

    it.each([
      [{ sameSite: 'none' }, 'cookie.sameSite'],
      [{ partitioned: true }, 'cookie.partitioned'],
    ])('refuse %j where the cookie may be sent without Secure', (options, option) => {
      expect(refused(options)).toBe(option);
      expect(refused({ ...options, secure: false }, PRODUCTION)).toBe(option);
      expect(refused({ ...options, secure: true })).toBeUndefined();
      expect(refused(options, PRODUCTION)).toBeUndefined();
    });

    it.each([
      [{ secure: 'true' }, 'cookie.secure'],
      [{ secure: 1 }, 'cookie.secure'],
      [{ partitioned: 'yes', secure: true }, 'cookie.partitioned'],
      [{ persistent: 0 }, 'cookie.persistent'],
      [{ trustProxy: 'loopback' }, 'cookie.trustProxy'],
      [{ trustProxy: 1 }, 'cookie.trustProxy'],
      [{ httpOnly: true }, 'cookie.httpOnly'],
      [{ maxAge: 60 }, 'cookie.maxAge'],
      [{ signed: true }, 'cookie.signed'],
      [{ toString: 1 }, 'cookie.toString'],
      [JSON.parse('{"__proto__":1}'), 'cookie.__proto__'],
    ])('refuse %j', (options: object, option) => {
      expect(refused(options)).toBe(option);
    });

    it.each([null, true, 'sid', [], () => 1])('refuse %p in place of the object', (options) => {
      expect(() => Reflect.construct(CookiePolicy, [options])).toThrow(SessionOptionError);
    });
  });
});
