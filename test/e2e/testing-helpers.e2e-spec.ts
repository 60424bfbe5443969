import { Controller, Get, Injectable, Post } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  InjectSession,
  RequireSession,
  Session,
  SessionConflictError,
  SessionExpiredError,
  SessionLimitError,
  SessionModule,
  SessionOptionError,
  SessionService,
} from 'nestjs-live-session';
import {
  inSession,
  sessionCookie,
  sessionFrom,
  sessionHeaders,
  signIn,
  startSession,
} from 'nestjs-live-session/testing';
import { boot, type BootOptions, closeAfterTest, PLATFORMS } from '../support/boot.js';
import { Cart } from '../support/cart.js';

@Injectable()
class Checkout {
  constructor(
    private readonly cart: Cart,
    private readonly session: Session,
  ) {}

  add(sku: string): number {
    return this.cart.add(sku);
  }

  async addLater(sku: string): Promise<number> {
    await Promise.resolve();
    return this.cart.add(sku);
  }

  get principal(): string | undefined {
    return this.session.principal;
  }
}

@Controller()
class ShopController {
  @Get('me')
  @RequireSession()
  me(@InjectSession() session: Session, @InjectSession(Cart) cart: Cart): object {
    const { principal = null, level = null } = session;
    return { principal, level, items: cart.items };
  }

  @Post('cart') add(@InjectSession(Cart) cart: Cart): object {
    return { items: cart.add('tea') };
  }

  @Post('logout') async logout(@InjectSession() session: Session): Promise<object> {
    await session.logout();
    return {};
  }
}

const setup = (given: BootOptions = {}) =>
  boot({ components: [Cart], controllers: [ShopController], providers: [Checkout], ...given });

const HEADER_ONLY = { cookie: false, header: 'X-Session' } as const;
const BOTH = { header: 'X-Session' } as const;
const TLS_ONLY = { cookie: { secure: true, trustProxy: true } } as const;

describe.each(PLATFORMS)('sessionCookie() on %s', (platform) => {
  it('is the Cookie header that brings a session', async () => {
    const { app, http, sessions } = await setup({ platform });
    const session = await sessions.makeSession();

    const cookie = sessionCookie(app, session);

    expect(cookie).toBe(`sid=${session.uid}`);
    await http.get('/me').set('Cookie', cookie).expect(200);
  });

  it('has the name that the application gave it', async () => {
    const { app, http, sessions } = await setup({
      platform,
      options: { cookie: { name: 'shop' } },
    });
    const session = await sessions.makeSession();

    const cookie = sessionCookie(app, session);

    expect(cookie).toBe(`shop=${session.uid}`);
    await http.get('/me').set('Cookie', cookie).expect(200);
  });

  it('has the name that it has over https', async () => {
    const { app, http, sessions } = await setup({ platform, options: TLS_ONLY });
    const session = await sessions.makeSession();

    const cookie = sessionCookie(app, session, { secure: true });

    expect(cookie).toBe(`__Host-sid=${session.uid}`);
    await http.get('/me').set({ cookie, 'x-forwarded-proto': 'https' }).expect(200);
  });

  it('brings the session under its new uid after a login', async () => {
    const { app, http, sessions } = await setup({ platform });
    const session = await sessions.makeSession();
    await session.login('ada');

    const { body } = await http.get('/me').set('Cookie', sessionCookie(app, session)).expect(200);

    expect(body.principal).toBe('ada');
  });
});

describe('sessionCookie()', () => {
  it.each([
    ['over plain http, if the cookie is always Secure', TLS_ONLY, 'secure'],
    ['where the application has none', HEADER_ONLY, 'cookie'],
  ])('is refused %s', async (_, options, option) => {
    const { app, sessions } = await setup({ options });
    const session = await sessions.makeSession();

    const make = () => sessionCookie(app, session);

    expect(make).toThrow(SessionOptionError);
    expect(make).toThrow(expect.objectContaining({ option }));
  });
});

describe.each(PLATFORMS)('sessionHeaders() on %s', (platform) => {
  it.each([
    ['the cookie', {}, ['cookie']],
    ['the header', HEADER_ONLY, ['x-session']],
    ['both, where the application takes both', BOTH, ['cookie', 'x-session']],
  ])('bring a session by %s', async (_, options, names) => {
    const { app, http, sessions } = await setup({ platform, options });
    const session = await sessions.makeSession();

    const headers = sessionHeaders(app, session);

    expect(Object.keys(headers)).toEqual(names);
    await http.get('/me').set(headers).expect(200);
  });
});

describe.each(PLATFORMS)('startSession() on %s', (platform) => {
  it('makes the session of a visitor', async () => {
    const { app, http } = await setup({ platform });

    const { cookie } = await startSession(app);

    const { body } = await http.get('/me').set('Cookie', cookie).expect(200);
    expect(body).toEqual({ principal: null, level: null, items: [] });
  });

  it('prepares its components', async () => {
    const { app, http } = await setup({ platform });

    const { headers } = await startSession(app, {
      prepare: (session) => session.getComponent(Cart).add('tea'),
    });

    const { body } = await http.get('/me').set(headers).expect(200);
    expect(body.items).toEqual(['tea']);
  });
});

describe.each(PLATFORMS)('signIn() on %s', (platform) => {
  it('makes the session of a principal', async () => {
    const { app, http } = await setup({ platform });

    const { session, cookie } = await signIn(app, 'ada', { level: 'mfa' });

    const { body } = await http.get('/me').set('Cookie', cookie).expect(200);
    expect(body).toEqual({ principal: 'ada', level: 'mfa', items: [] });
    expect(session.principal).toBe('ada');
  });

  it('prepares components with code that takes its time', async () => {
    const { app, http } = await setup({ platform });

    const { cookie } = await signIn(app, 'ada', {
      prepare: () => app.get(Checkout).addLater('tea'),
    });

    const { body } = await http.get('/me').set('Cookie', cookie).expect(200);
    expect(body.items).toEqual(['tea']);
  });

  it('answers with the live session of the application', async () => {
    const { app, http } = await setup({ platform });
    const { session, cookie } = await signIn(app, 'ada');

    await session.expire();

    await http.get('/me').set('Cookie', cookie).expect(401);
  });

  it('serves an application that takes no cookie', async () => {
    const { app, http } = await setup({ platform, options: HEADER_ONLY });

    const { headers, cookie } = await signIn(app, 'ada');

    expect(cookie).toBe('');
    await http.get('/me').set(headers).expect(200);
  });

  it('serves an application behind TLS', async () => {
    const { app, http } = await setup({ platform, options: TLS_ONLY });

    const { headers } = await signIn(app, 'ada', { secure: true });

    await http.get('/me').set(headers).set('X-Forwarded-Proto', 'https').expect(200);
  });

  it('lets two clients sign in as one principal', async () => {
    const { app, sessions } = await setup({ platform });
    const [one, two] = [await signIn(app, 'ada'), await signIn(app, 'ada')];

    const ended = await sessions.expireAll('ada', { except: one.session });

    expect([ended, one.session.isExpired, two.session.isExpired]).toEqual([1, false, true]);
  });
});

describe('signIn()', () => {
  it('keeps to the limit of sessions', async () => {
    const options = { maxPerPrincipal: { limit: 1, policy: 'refuse' } } as const;
    const { app } = await setup({ options });
    await signIn(app, 'ada');

    await expect(signIn(app, 'ada')).rejects.toBeInstanceOf(SessionLimitError);
  });

  it('rejects with what the preparation throws', async () => {
    const { app } = await setup();
    const failure = new Error('no tea');

    const prepared = signIn(app, 'ada', { prepare: () => Promise.reject(failure) });

    await expect(prepared).rejects.toBe(failure);
  });

  it('is ruled by the clock of the application', async () => {
    const { app, clock } = await setup();
    clock.advance(100);

    const { session } = await signIn(app, 'ada');
    clock.advance(900);

    expect(session).toMatchObject({ createdAt: 100, isExpired: true });
  });

  it('serves a module without HTTP', async () => {
    const module = await Test.createTestingModule({
      imports: [SessionModule.forRoot(900, { isGlobal: false })],
    }).compile();

    const { session } = await signIn(closeAfterTest(module), 'ada');

    expect(await module.get(SessionService, { strict: false }).getSession(session.uid)).toBe(
      session,
    );
  });
});

describe('inSession()', () => {
  const prepare = async () => {
    const { app, http, clock } = await setup();
    const { session, headers } = await signIn(app, 'ada');
    const me = () => http.get('/me').set(headers);
    return { app, clock, session, checkout: app.get(Checkout), me };
  };

  it('answers with what the function returns', async () => {
    const { app, session, checkout } = await prepare();

    expect(await inSession(app, session, () => checkout.principal)).toBe('ada');
  });

  it('lets injected components stand for those of the session, and saves them', async () => {
    const { app, session, checkout, me } = await prepare();

    await inSession(app, session, () => checkout.addLater('tea'));

    expect((await me()).body.items).toEqual(['tea']);
  });

  it('rejects with what the function throws', async () => {
    const { app, session } = await prepare();
    const failure = new SessionConflictError(session.id, ['cart']);

    const run = inSession(app, session, () => {
      throw failure;
    });

    await expect(run).rejects.toBe(failure);
  });

  it('may end the session', async () => {
    const { app, session } = await prepare();

    await inSession(app, session, () => session.logout());

    expect(session.isExpired).toBe(true);
  });

  it('rejects where the session is overdue', async () => {
    const { app, clock, session, checkout } = await prepare();
    clock.rightNow = 900;

    const run = inSession(app, session, () => checkout.add('tea'));

    await expect(run).rejects.toBeInstanceOf(SessionExpiredError);
  });
});

describe.each(PLATFORMS)('sessionFrom() on %s', (platform) => {
  it.each([
    ['a cookie', {}],
    ['a header', HEADER_ONLY],
    ['both', BOTH],
  ])('finds the session that a response gave by %s', async (_, options) => {
    const { app, http } = await setup({ platform, options });
    const response = await http.post('/cart').expect(201);

    const session = await sessionFrom(app, response);

    expect(session?.getComponent(Cart).items).toEqual(['tea']);
  });

  it('finds the session that a response gave over https', async () => {
    const { app, http } = await setup({ platform, options: TLS_ONLY });
    const response = await http.post('/cart').set('X-Forwarded-Proto', 'https').expect(201);

    const session = await sessionFrom(app, response);

    expect(session?.getComponent(Cart).items).toEqual(['tea']);
  });

  it('finds none where a response gave none', async () => {
    const { app, http } = await setup({ platform });
    const { headers } = await signIn(app, 'ada');
    const response = await http.get('/me').set(headers).expect(200);

    expect(await sessionFrom(app, response)).toBeUndefined();
  });

  it('finds none where a response took one away', async () => {
    const { app, http } = await setup({ platform });
    const { headers } = await signIn(app, 'ada');
    const response = await http.post('/logout').set(headers).expect(201);

    expect(await sessionFrom(app, response)).toBeUndefined();
  });

  it('finds none where the session has ended since', async () => {
    const { app, http, clock } = await setup({ platform });
    const response = await http.post('/cart').expect(201);
    clock.advance(900);

    expect(await sessionFrom(app, response)).toBeUndefined();
  });
});
