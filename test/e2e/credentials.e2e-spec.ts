import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { InjectSession, Session, type SessionModuleOptions } from 'nestjs-live-session';
import { boot, type Platform, PLATFORMS, setCookies } from '../support/boot.js';
import { cookieOf } from '../support/cookie.js';
import { send, wire } from '../support/send.js';
import { WatchedStore } from '../support/watched.store.js';

@Controller()
class WhoController {
  @Get('peek') peek(@InjectSession({ create: false }) session?: Session) {
    return { id: session?.id ?? null };
  }

  @Get('use') use(@InjectSession() session: Session) {
    return { id: session.id };
  }

  @Post('login') async login(@InjectSession() session: Session) {
    await session.login('ann');
  }

  @Post('logout') async logout(@InjectSession() session: Session) {
    await session.logout();
  }

  @Get('peek/:sid') path(
    @Param('sid') _: string,
    @InjectSession({ create: false }) session?: Session,
  ) {
    return { id: session?.id ?? null };
  }

  @Get('query') query(
    @Query('sid') _: string,
    @InjectSession({ create: false }) session?: Session,
  ) {
    return { id: session?.id ?? null };
  }

  @Post('body') body(@Body() _: unknown, @InjectSession({ create: false }) session?: Session) {
    return { id: session?.id ?? null };
  }
}

async function setup(platform: Platform, options: SessionModuleOptions = {}) {
  const store = new WatchedStore();
  const controllers = [WhoController];
  const booted = await boot({ platform, options: { store, ...options }, controllers });
  await booted.app.listen(0, '127.0.0.1');
  const session = await booted.sessions.makeSession();
  const { id, uid } = session;
  booted.clock.advance(600);
  store.asked.length = 0;
  const peek = (headers: Record<string, string>) => booted.http.get('/peek').set(headers);
  return { ...booted, store, session, id, uid, peek };
}

const CLEARED = [expect.stringMatching(/^sid=; .*Max-Age=0/)];
const OTHER = 'B'.repeat(42) + 'A';

describe.each(PLATFORMS)('By its cookie, on %s, a request', (platform) => {
  it.each([
    ['alone', (uid: string) => `sid=${uid}`],
    ['among others', (uid: string) => `a=1; sid=${uid}; b=2`],
    ['without spaces', (uid: string) => `a=1;sid=${uid};b=2`],
    ['after names like it', (uid: string) => `asid=1; sid2=2; SID=3; sid=${uid}`],
    ['beside __proto__', (uid: string) => `__proto__=1; constructor=2; sid=${uid}`],
    ['beside $Version', (uid: string) => `$Version=1; sid=${uid}; $Path=/`],
    ['after 5,000 others', (uid: string) => `${'a=;'.repeat(5000)}sid=${uid}`],
  ])('finds its session: %s', async (_, cookie) => {
    const { peek, id, uid } = await setup(platform);

    await peek({ cookie: cookie(uid) }).expect(200, { id });
  });

  it.each([
    ['empty', () => ''],
    ['one character too few', (uid: string) => uid.slice(1)],
    ['one character too many', (uid: string) => `${uid}A`],
    ['another last character of the same bytes', (uid: string) => uid.slice(0, 42) + twin(uid)],
    ['quoted', (uid: string) => `"${uid}"`],
    ['percent-encoded', (uid: string) => `%${uid.charCodeAt(0).toString(16)}${uid.slice(1)}`],
    ['with padding', (uid: string) => `${uid}=`],
    ['signed', (uid: string) => `s:${uid}.${uid}`],
    ['with a space in it', (uid: string) => `${uid.slice(0, 20)} ${uid.slice(21)}`],
    ['with a foreign character', (uid: string) => `+${uid.slice(1)}`],
    ['as JSON', (uid: string) => `j:{"uid":"${uid}"}`],
  ])('that is malformed asks no store, and has it cleared: %s', async (_, value) => {
    const { peek, uid, store } = await setup(platform);

    const response = await peek({ cookie: `sid=${value(uid)}` }).expect(200, { id: null });

    expect(store.asked).toEqual([]);
    expect(setCookies(response)).toEqual(CLEARED);
  });

  it.each([
    ['two that differ', (uid: string) => `sid=${uid}; sid=${OTHER}`],
    ['two that differ, turned round', (uid: string) => `sid=${OTHER}; sid=${uid}`],
    ['two that are equal', (uid: string) => `sid=${uid}; sid=${uid}`],
    ['one that is empty', (uid: string) => `sid=; sid=${uid}`],
    ['one far behind', (uid: string) => `sid=${uid}; ${'a=1; '.repeat(1000)}sid=x`],
  ])('that brings two has no session and touches none: %s', async (_, cookie) => {
    const { peek, uid, store, session } = await setup(platform);

    const response = await peek({ cookie: cookie(uid) }).expect(200, { id: null });

    expect([setCookies(response), store.asked]).toEqual([[], []]);
    expect(session.lastModified).toBe(0);
  });

  it('that brings two in two headers has no session', async () => {
    const { app, uid } = await setup(platform);

    const response = await send(app, wire('/peek', `Cookie: sid=${uid}`, `Cookie: sid=${OTHER}`));

    expect(response).toContain('{"id":null}');
  });

  it.each([
    ['without a name', (uid: string) => `=${uid}`],
    ['without a name, with ours in the value', (uid: string) => `=sid=${uid}`],
    ['in another case', (uid: string) => `SID=${uid}`],
    ['percent-encoded in the name', (uid: string) => `%73id=${uid}`],
    ['of https', (uid: string) => `__Host-sid=${uid}`],
  ])('whose cookie is another one has no session, and keeps it: %s', async (_, cookie) => {
    const { peek, uid, store } = await setup(platform);

    const response = await peek({ cookie: cookie(uid) }).expect(200, { id: null });

    expect([setCookies(response), store.asked]).toEqual([[], []]);
  });

  it.each([
    ['query', 'get', (uid: string) => `/query?sid=${uid}&__Host-sid=${uid}`],
    ['path', 'get', (uid: string) => `/peek/${uid}`],
    ['path parameter', 'get', (uid: string) => `/peek/x;sid=${uid}`],
    ['body', 'post', () => '/body'],
  ] as const)('never finds its session by the %s', async (_, method, path) => {
    const { http, uid, store } = await setup(platform);
    const sent = method === 'post' ? { sid: uid, 'x-session': uid } : undefined;

    const { body } = await http[method](path(uid)).send(sent);

    expect(body).toEqual({ id: null });
    expect(store.asked).toEqual([]);
  });

  it('never finds its session by a header where there is none configured', async () => {
    const { peek, uid } = await setup(platform);

    await peek({ 'x-session': uid, authorization: `Bearer ${uid}` }).expect(200, { id: null });
  });
});

describe.each([
  ['beside the cookie', {}],
  ['alone', { cookie: false as const }],
])('By a header %s', (_, options) => {
  const header = { header: 'X-Session', ...options };

  describe.each(PLATFORMS)('on %s, a request', (platform) => {
    it('is told the uid of a new session, which no cache may keep', async () => {
      const { http } = await setup(platform, header);

      const { headers } = await http.get('/use').expect(200);

      expect(headers['x-session']).toMatch(/^[\w-]{43}$/);
      expect(headers).toHaveProperty('cache-control', 'no-store');
      expect(headers.vary).toMatch(/^x-session/i);
    });

    it('finds its session', async () => {
      const { peek, id, uid } = await setup(platform, header);

      const { headers } = await peek({ 'x-session': uid }).expect(200, { id });

      expect(headers).not.toHaveProperty('x-session');
    });

    it('is told the new uid after a login', async () => {
      const { http, peek, id, uid } = await setup(platform, header);

      const { headers } = await http.post('/login').set({ 'x-session': uid }).expect(201);

      await peek({ 'x-session': String(headers['x-session']) }).expect(200, { id });
      await peek({ 'x-session': uid }).expect(200, { id: null });
    });

    it('is told nothing after a logout', async () => {
      const { http, uid, sessions } = await setup(platform, header);

      const { headers } = await http.post('/logout').set({ 'x-session': uid }).expect(201);

      expect(headers).not.toHaveProperty('x-session');
      expect(await sessions.count()).toBe(0);
    });

    it.each(['x', 'A'.repeat(44), 'two, values'])(
      'asks no store where it is malformed: %s',
      async (value) => {
        const { peek, store } = await setup(platform, header);

        await peek({ 'x-session': value }).expect(200, { id: null });

        expect(store.asked).toEqual([]);
      },
    );

    it('that brings it twice has no session', async () => {
      const { app, uid } = await setup(platform, header);

      const response = await send(app, wire('/peek', `X-Session: ${uid}`, `X-Session: ${uid}`));

      expect(response).toContain('{"id":null}');
    });
  });
});

describe.each(PLATFORMS)('By a cookie and a header, on %s, a request', (platform) => {
  const options = { header: 'x-session' };

  it('is told a new uid by both', async () => {
    const { http } = await setup(platform, options);

    const response = await http.get('/use').expect(200);

    const uid = String(response.headers['x-session']);
    expect(setCookies(response)).toEqual([expect.stringContaining(`sid=${uid};`)]);
    expect(response.headers).toHaveProperty('vary', 'x-session, Cookie');
  });

  it('that agree finds its session', async () => {
    const { peek, id, uid } = await setup(platform, options);

    await peek({ cookie: `sid=${uid}`, 'x-session': uid }).expect(200, { id });
  });

  it.each([
    ['another uid', OTHER],
    ['a malformed one', 'x'],
  ])('that disagree has no session and touches neither: %s', async (_, value) => {
    const { peek, uid, store } = await setup(platform, options);

    const response = await peek({ cookie: `sid=${uid}`, 'x-session': value });

    expect([response.body, setCookies(response), store.asked]).toEqual([{ id: null }, [], []]);
  });

  it('that name two living sessions has none, and touches neither', async () => {
    const { peek, session, sessions, clock } = await setup(platform, options);
    const other = await sessions.makeSession();
    const madeAt = clock.seconds();
    clock.advance(100);

    await peek({ cookie: cookieOf(session), 'x-session': other.uid }).expect(200, { id: null });

    expect([session.lastModified, other.lastModified]).toEqual([0, madeAt]);
  });
});

describe.each(PLATFORMS)('Without a cookie, on %s,', (platform) => {
  it('neither is one read nor set nor cleared', async () => {
    const { http, uid } = await setup(platform, { cookie: false, header: 'x-session' });

    const response = await http.get('/peek').set({ cookie: `sid=${uid}` });
    const made = await http.get('/use').set({ cookie: 'sid=x' });

    expect(response.body).toEqual({ id: null });
    expect([setCookies(response), setCookies(made)]).toEqual([[], []]);
  });
});

/** Another character that base64url decodes to the same last four bits. */
function twin(uid: string): string {
  return String.fromCharCode(uid.charCodeAt(42) + 1);
}
