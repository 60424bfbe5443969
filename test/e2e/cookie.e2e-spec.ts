import { Controller, Get, Header, Post, Res } from '@nestjs/common';
import { InjectSession, Session, type SessionCookieOptions } from 'nestjs-live-session';
import { boot, type Platform, PLATFORMS, setCookies } from '../support/boot.js';
import { cookieOf } from '../support/cookie.js';
import { type AnyResponse, rawOf } from '../support/raw.js';
import { TLS } from '../support/tls.js';

@Controller()
class CookieController {
  @Get('use') use(@InjectSession() session: Session) {
    return { id: session.id };
  }

  @Get('peek') peek(@InjectSession({ create: false }) session?: Session) {
    return { isKnown: session !== undefined };
  }

  @Post('login') async login(@InjectSession() session: Session) {
    await session.login('ann');
  }

  @Post('logout') async logout(@InjectSession() session: Session) {
    await session.logout();
  }

  @Get('public')
  @Header('Cache-Control', 'public, max-age=3600')
  @Header('Vary', 'Accept-Encoding, Origin')
  public(@InjectSession() session: Session) {
    return { id: session.id };
  }

  @Get('written') written(@InjectSession() { id }: Session, @Res() response: AnyResponse) {
    rawOf(response).writeHead(200, { 'cache-control': 'public', vary: 'Accept' }).end(id);
  }

  @Get('varied') @Header('Vary', 'cookie') varied(@InjectSession() session: Session) {
    return { id: session.id };
  }

  @Get('star') @Header('Vary', '*') star(@InjectSession() session: Session) {
    return { id: session.id };
  }

  @Get('page') @Header('Cache-Control', 'public') page(
    @InjectSession({ create: false }) session?: Session,
  ) {
    return { isKnown: session !== undefined };
  }
}

async function setup(platform: Platform, cookie: SessionCookieOptions = {}, over = 'http') {
  const booted = await boot({
    platform,
    options: { cookie, absoluteTimeout: 3600 },
    controllers: [CookieController],
    httpsOptions: over === 'https' ? TLS : undefined,
  });
  const get = (path: string, sent = '') =>
    booted.http.get(path).set({ cookie: sent }).disableTLSCerts();
  const post = (path: string, sent = '') =>
    booted.http.post(path).set({ cookie: sent }).disableTLSCerts();
  return { ...booted, get, post };
}

/** A `Set-Cookie` header with its uid, if it is well-formed, left out. */
function withoutUid(cookie: string): string {
  return cookie.replace(/=[\w-]{43};/, '=<uid>;');
}

const FORGET = 'Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT';

const KINDS: readonly [string, string, SessionCookieOptions, string][] = [
  ['http', 'sid', {}, 'Path=/; HttpOnly; SameSite=Lax'],
  ['https', '__Host-sid', {}, 'Path=/; HttpOnly; Secure; SameSite=Lax'],
  ['http', 'shop', { name: 'shop' }, 'Path=/; HttpOnly; SameSite=Lax'],
  ['https', '__Host-shop', { name: 'shop' }, 'Path=/; HttpOnly; Secure; SameSite=Lax'],
  ['https', '__Host-shop', { name: '__Host-shop' }, 'Path=/; HttpOnly; Secure; SameSite=Lax'],
  ['http', 'sid', { path: '/shop' }, 'Path=/shop; HttpOnly; SameSite=Lax'],
  ['https', '__Secure-sid', { path: '/shop' }, 'Path=/shop; HttpOnly; Secure; SameSite=Lax'],
  [
    'https',
    '__Secure-sid',
    { domain: 'example.com' },
    'Path=/; Domain=example.com; HttpOnly; Secure; SameSite=Lax',
  ],
  ['http', 'sid', { sameSite: 'strict' }, 'Path=/; HttpOnly; SameSite=Strict'],
  [
    'https',
    '__Host-sid',
    { sameSite: 'none', secure: true, partitioned: true },
    'Path=/; HttpOnly; Secure; SameSite=None; Partitioned',
  ],
  ['https', 'sid', { secure: false }, 'Path=/; HttpOnly; SameSite=Lax'],
];

describe.each(PLATFORMS)('The session cookie on %s', (platform) => {
  it.each(KINDS)('over %s is %s of %j', async (over, name, options, attributes) => {
    const { get } = await setup(platform, options, over);

    const response = await get('/use').expect(200);

    expect(setCookies(response).map(withoutUid)).toEqual([`${name}=<uid>; ${attributes}`]);
  });

  it.each(KINDS)(
    'over %s, %s of %j, is cleared with the same attributes when its session has ended',
    async (over, name, options, attributes) => {
      const { post, sessions } = await setup(platform, options, over);
      const cookie = cookieOf(await sessions.makeSession(), name);

      const response = await post('/logout', cookie).expect(201);

      expect(setCookies(response)).toEqual([`${name}=; ${attributes}; ${FORGET}`]);
    },
  );

  it.each(KINDS)(
    'over %s, %s of %j, is cleared with the same attributes when it is unknown',
    async (over, name, options, attributes) => {
      const { get } = await setup(platform, options, over);

      const response = await get('/peek', `${name}=${'A'.repeat(43)}`).expect(200);

      expect(setCookies(response)).toEqual([`${name}=; ${attributes}; ${FORGET}`]);
    },
  );

  it('that is persistent lives as long as its session may', async () => {
    const { get } = await setup(platform, { persistent: true });

    const response = await get('/use').expect(200);

    expect(setCookies(response)).toEqual([expect.stringMatching(/; Max-Age=3600$/)]);
  });

  it('that is persistent lives a whole absolute timeout from the login', async () => {
    const { post, sessions, clock } = await setup(platform, { persistent: true });
    const cookie = cookieOf(await sessions.makeSession());
    clock.advance(600);

    const response = await post('/login', cookie).expect(201);

    expect(setCookies(response)).toEqual([expect.stringMatching(/; Max-Age=3600$/)]);
  });

  it('is not sent again to a client that has it', async () => {
    const { get, sessions } = await setup(platform);
    const cookie = cookieOf(await sessions.makeSession());

    const response = await get('/use', cookie).expect(200);

    expect(setCookies(response)).toEqual([]);
  });

  it.each([
    ['/use', 'Cookie'],
    ['/public', 'Accept-Encoding, Origin, Cookie'],
    ['/written', 'Accept, Cookie'],
    ['/varied', 'cookie'],
    ['/star', '*'],
  ])('is set with Cache-Control: no-store and a merged Vary: %s', async (path, vary) => {
    const { get } = await setup(platform);

    const { headers } = await get(path).expect(200);

    expect(headers).toMatchObject({ 'cache-control': 'no-store', vary });
  });

  it('is renewed with Cache-Control: no-store and Vary: Cookie', async () => {
    const { post, sessions } = await setup(platform);

    const { headers } = await post('/login', cookieOf(await sessions.makeSession())).expect(201);

    expect(headers).toMatchObject({ 'cache-control': 'no-store', vary: 'Cookie' });
  });

  it('is cleared with Cache-Control: no-store and Vary: Cookie', async () => {
    const { get } = await setup(platform);

    const { headers } = await get('/page', 'sid=unknown').expect(200);

    expect(headers).toMatchObject({ 'cache-control': 'no-store', vary: 'Cookie' });
  });

  it('leaves the caching to the handler where it is not set', async () => {
    const { get, sessions } = await setup(platform);

    const { headers } = await get('/page', cookieOf(await sessions.makeSession())).expect(200);

    expect(headers).toHaveProperty('cache-control', 'public');
    expect(headers).not.toHaveProperty('vary');
  });
});
