import { jest } from '@jest/globals';
import { Controller, Get, type INestApplication, Logger } from '@nestjs/common';
import { InjectSession, Session, type SessionModuleOptions } from 'nestjs-live-session';
import { boot, type BootOptions, type Platform, PLATFORMS, setCookies } from '../support/boot.js';
import { cookieFrom } from '../support/cookie.js';
import { TLS } from '../support/tls.js';

@Controller()
class SecureController {
  @Get('use') use(@InjectSession() session: Session) {
    return { id: session.id };
  }

  @Get('peek') peek(@InjectSession({ create: false }) session?: Session) {
    return { id: session?.id ?? null };
  }
}

interface Given {
  readonly options?: SessionModuleOptions;
  /** What the framework itself trusts. */
  readonly trust?: true | string;
}

function setup(platform: Platform, { options, trust }: Given = {}) {
  return boot({ platform, options, controllers: [SecureController], ...trusting(platform, trust) });
}

/** Has the framework itself believe a proxy. */
function trusting(platform: Platform, trust: Given['trust']): Partial<BootOptions> {
  if (trust === undefined) return {};
  if (platform === 'Fastify') return { fastify: { trustProxy: trust } };
  const main = (app: INestApplication) =>
    app.getHttpAdapter().getInstance().set('trust proxy', trust);
  return { main };
}

function warnings(): unknown[] {
  const seen: unknown[] = [];
  jest.spyOn(Logger.prototype, 'warn').mockImplementation((message) => seen.push(message));
  return seen;
}

const HTTPS = { 'x-forwarded-proto': 'https' };
const SECURE = [expect.stringMatching(/^__Host-sid=[\w-]{43}; .*; Secure;/)];
const PLAIN = [expect.stringMatching(/^sid=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)];

const { NODE_ENV } = process.env;

afterEach(() => {
  jest.restoreAllMocks();
  process.env.NODE_ENV = NODE_ENV;
});

describe.each(PLATFORMS)('Behind a proxy, on %s, X-Forwarded-Proto', (platform) => {
  it.each<[string, Given]>([
    ['every peer is trusted', { options: { cookie: { trustProxy: true } } }],
    ['its address is trusted', { options: { cookie: { trustProxy: '127.0.0.1' } } }],
    ['its range is trusted', { options: { cookie: { trustProxy: ['::1', '127.0.0.0/8'] } } }],
    ['the framework trusts everybody', { trust: true }],
    ['the framework trusts its address', { trust: '127.0.0.1' }],
    [
      'the framework trusts it, and we another',
      { trust: true, options: { cookie: { trustProxy: '10.0.0.1' } } },
    ],
  ])('is believed where %s', async (_, given) => {
    const { http } = await setup(platform, given);

    const response = await http.get('/use').set(HTTPS).expect(200);

    expect(setCookies(response)).toEqual(SECURE);
  });

  it.each<[string, Given]>([
    ['nobody is trusted', {}],
    ['trustProxy is false', { options: { cookie: { trustProxy: false } } }],
    ['the list is empty', { options: { cookie: { trustProxy: [] } } }],
    ['another is trusted', { options: { cookie: { trustProxy: ['10.0.0.0/8', '::2'] } } }],
    ['the framework trusts another', { trust: '10.0.0.1' }],
  ])('is ignored where %s', async (_, given) => {
    const { http } = await setup(platform, given);

    const response = await http.get('/use').set(HTTPS).expect(200);

    expect(setCookies(response)).toEqual(PLAIN);
  });

  it.each([
    ['http', PLAIN],
    ['http, https', PLAIN],
    ['https, http', SECURE],
    ['HTTPS', SECURE],
    ['', PLAIN],
  ])('that says %j is believed of the hop next to the client', async (said, expected) => {
    const { http } = await setup(platform, { options: { cookie: { trustProxy: true } } });

    const response = await http.get('/use').set({ 'x-forwarded-proto': said }).expect(200);

    expect(setCookies(response)).toEqual(expected);
  });
});

describe.each(PLATFORMS)('On %s, a session', (platform) => {
  const given = { options: { header: 'x-session', cookie: { trustProxy: true } } };
  const carriers = [
    ['its cookie', (uid: string) => ({ cookie: `sid=${uid}; __Host-sid=${uid}` })],
    ['a header', (uid: string) => ({ 'x-session': uid })],
  ] as const;

  it.each(carriers)('made over http is not found over https, by %s', async (_, carry) => {
    const { http, sessions, clock } = await setup(platform, given);
    const { headers } = await http.get('/use').expect(200);
    const uid = String(headers['x-session']);
    clock.advance(600);

    await http.get('/peek').set(carry(uid)).set(HTTPS).expect(200, { id: null });

    expect(await sessions.getSession(uid)).toHaveProperty('lastModified', 0);
  });

  it.each(carriers)('made over https is not found over http, by %s', async (_, carry) => {
    const { http, sessions, clock } = await setup(platform, given);
    const { headers } = await http.get('/use').set(HTTPS).expect(200);
    const uid = String(headers['x-session']);
    clock.advance(600);

    await http.get('/peek').set(carry(uid)).expect(200, { id: null });

    expect(await sessions.getSession(uid)).toHaveProperty('lastModified', 0);
  });

  it('made over https is found over https', async () => {
    const { http } = await setup(platform, { options: { cookie: { trustProxy: true } } });
    const first = await http.get('/use').set(HTTPS).expect(200);

    const second = await http.get('/peek').set({ ...HTTPS, cookie: cookieFrom(first) });

    expect(second.body).toEqual(first.body);
  });

  it('made outside of requests is found over both', async () => {
    const { http, sessions } = await setup(platform, given);
    const { id, uid } = await sessions.makeSession();

    const plain = await http.get('/peek').set({ 'x-session': uid });
    const secure = await http.get('/peek').set({ 'x-session': uid, ...HTTPS });

    expect([plain.body, secure.body]).toEqual([{ id }, { id }]);
  });

  it('made over TLS is found over TLS', async () => {
    const booted = await boot({ platform, httpsOptions: TLS, controllers: [SecureController] });
    const first = await booted.http.get('/use').disableTLSCerts().expect(200);

    const second = await booted.http
      .get('/peek')
      .disableTLSCerts()
      .set({ cookie: cookieFrom(first) });

    expect(second.body).toEqual(first.body);
  });

  it('is over TLS whatever X-Forwarded-Proto says', async () => {
    const booted = await boot({ platform, httpsOptions: TLS, controllers: [SecureController] });

    const response = await booted.http
      .get('/use')
      .disableTLSCerts()
      .set({ 'x-forwarded-proto': 'http' });

    expect(setCookies(response)).toEqual(SECURE);
  });
});

describe.each(PLATFORMS)('A Secure cookie on %s', (platform) => {
  it.each<[string, SessionModuleOptions, string]>([
    ['in production', {}, 'production'],
    ['where secure is true', { cookie: { secure: true } }, 'test'],
  ])('is not sent over http: %s', async (_, options, env) => {
    process.env.NODE_ENV = env;
    warnings();
    const { http } = await setup(platform, { options });

    const response = await http.get('/use').expect(200);

    expect(setCookies(response)).toEqual([]);
  });

  it('is sent in production behind a proxy that is trusted', async () => {
    process.env.NODE_ENV = 'production';
    const { http } = await setup(platform, { options: { cookie: { trustProxy: true } } });

    const response = await http.get('/use').set(HTTPS).expect(200);

    expect(setCookies(response)).toEqual(SECURE);
  });

  it('that cannot be sent is reported once, with the reason and the cure', async () => {
    const seen = warnings();
    const { http } = await setup(platform, { options: { cookie: { secure: true } } });

    for (let request = 0; request < 3; request++) await http.get('/use').expect(200);

    expect(seen).toEqual([expect.stringMatching(/plain http.*trust proxy.*trustProxy.*secure/)]);
  });

  it('that arrives over http is not accepted, asks no store, and is not cleared', async () => {
    const { http, sessions, clock } = await setup(platform, {
      options: { cookie: { secure: true } },
    });
    const session = await sessions.makeSession();
    clock.advance(600);

    const response = await http.get('/peek').set({ cookie: `__Host-sid=${session.uid}` });

    expect([response.body, setCookies(response)]).toEqual([{ id: null }, []]);
    expect(session.lastModified).toBe(0);
  });

  it('of an old plain name is not accepted in its place', async () => {
    const { http, sessions } = await setup(platform, { options: { cookie: { trustProxy: true } } });
    const { uid } = await sessions.makeSession();

    const { body } = await http.get('/peek').set({ ...HTTPS, cookie: `sid=${uid}` });

    expect(body).toEqual({ id: null });
  });
});
