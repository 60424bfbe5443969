import {
  Controller,
  Get,
  Header,
  Injectable,
  Post,
  Res,
  StreamableFile,
  UseGuards,
} from '@nestjs/common';
import {
  InjectSession,
  RequireSession,
  Session,
  SessionGuard,
  SessionStoreUnavailableError,
} from 'nestjs-live-session';
import { boot, type BootOptions, type Platform, PLATFORMS, setCookies } from '../support/boot.js';
import { Cart } from '../support/cart.js';
import { cookieOf } from '../support/cookie.js';
import { CopyingStore } from '../support/copying.store.js';
import { Latch } from '../support/latch.js';
import { logged } from '../support/logged.js';
import { type AnyResponse, rawOf } from '../support/raw.js';
import { type Operation, WatchedStore } from '../support/watched.store.js';

@Controller()
class ShopController {
  static latch = new Latch();

  @Get('health') health() {
    return { fine: true };
  }

  @Get('read') read(@InjectSession(Cart) cart: Cart) {
    return { items: cart.items };
  }

  @Get('peek') peek(@InjectSession({ create: false }) session?: Session) {
    return { isKnown: session !== undefined };
  }

  @Get('guarded') @RequireSession() guarded() {
    return {};
  }

  @Get('plain-guard') @UseGuards(SessionGuard) plainGuard() {
    return {};
  }

  @Post('cart')
  @Header('Cache-Control', 'public')
  @Header('Set-Cookie', 'theme=dark')
  @Header('X-Version', '7')
  add(@InjectSession(Cart) cart: Cart) {
    return { added: cart.add('tea') };
  }

  @Post('slow-cart') async slowCart(@InjectSession(Cart) cart: Cart) {
    cart.add('tea');
    await ShopController.latch.pass();
    return {};
  }

  @Post('stream') stream(@InjectSession(Cart) cart: Cart) {
    cart.add('tea');
    return new StreamableFile(Buffer.from('tea'));
  }

  @Post('raw') raw(@InjectSession(Cart) cart: Cart, @Res() response: AnyResponse) {
    cart.add('tea');
    rawOf(response)
      .writeHead(200, { 'Content-Type': 'text/plain', ETag: '"tea"', 'X-Version': '7' })
      .end('tea');
  }

  @Post('pieces') pieces(@InjectSession(Cart) cart: Cart, @Res() response: AnyResponse) {
    cart.add('tea');
    const raw = rawOf(response);
    raw.write('t');
    raw.end('ea');
  }

  @Post('save') async save(@InjectSession() session: Session) {
    session.getComponent(Cart).add('tea');
    await session.save();
  }

  @Post('login') async login(@InjectSession() session: Session) {
    await session.login('ann');
  }

  @Post('regenerate') async regenerate(@InjectSession() session: Session) {
    await session.regenerate();
  }

  @Post('logout') async logout(@InjectSession() session: Session) {
    await session.logout();
  }
}

/** Injected by constructor, so that every request has a context. */
@Injectable()
class Checkout {
  constructor(readonly cart: Cart) {}
}

@Controller('checkout')
class CheckoutController {
  constructor(private readonly checkout: Checkout) {}

  @Get() read() {
    return { items: this.checkout.cart.items };
  }

  @Post() add() {
    return { added: this.checkout.cart.add('tea') };
  }

  @Get('health') health() {
    return { fine: true };
  }
}

const WITH_CONTEXT: BootOptions = { controllers: [CheckoutController], providers: [Checkout] };

async function setup(platform: Platform, given: BootOptions = {}) {
  const errors = logged();
  ShopController.latch = new Latch();
  const store = new WatchedStore(new CopyingStore());
  const booted = await boot({
    platform,
    options: { store },
    components: [Cart],
    controllers: [ShopController, ...(given.controllers ?? [])],
    providers: given.providers,
    main: (app) => app.enableCors({ origin: 'https://shop.example', credentials: true }),
  });
  const session = await booted.sessions.makeSession();
  store.asked.length = 0;
  const fail = (operation: Operation, fault: () => unknown): void => {
    store.before = (asked) => (asked === operation ? fault() : undefined);
  };
  return { ...booted, store, session, cookie: cookieOf(session), fail, errors };
}

const UNAVAILABLE = new SessionStoreUnavailableError().getResponse();

const FAULTS: readonly [string, () => unknown][] = [
  ['rejects', () => Promise.reject(new Error('ECONNRESET'))],
  ['rejects with our error', () => Promise.reject(new SessionStoreUnavailableError())],
  ['rejects with no error', () => Promise.reject('gone')],
  [
    'throws',
    () => {
      throw new TypeError('synchronously');
    },
  ],
];

describe.each(PLATFORMS)('A store elsewhere, on %s,', (platform) => {
  describe.each(FAULTS)('that %s', (_, fault) => {
    it.each(['read', 'peek', 'guarded', 'plain-guard'])(
      'as the session is opened is a 503 with Retry-After and no cookie: %s',
      async (path) => {
        const { http, cookie, fail } = await setup(platform);
        fail('open', fault);

        const response = await http.get(`/${path}`).set({ cookie }).expect(503, UNAVAILABLE);

        expect(response.headers).toHaveProperty('retry-after', '1');
        expect(setCookies(response)).toEqual([]);
      },
    );

    it('as the session is opened for a constructor is a 503 with Retry-After', async () => {
      const { http, cookie, fail } = await setup(platform, WITH_CONTEXT);
      fail('open', fault);

      const response = await http.get('/checkout').set({ cookie }).expect(503, UNAVAILABLE);

      expect(response.headers).toHaveProperty('retry-after', '1');
      expect(setCookies(response)).toEqual([]);
    });

    it('as the session is opened harms nobody who does not ask for it', async () => {
      const { http, cookie, fail } = await setup(platform, WITH_CONTEXT);
      fail('open', fault);

      const response = await http.get('/checkout/health').set({ cookie }).expect(200);

      expect(setCookies(response)).toEqual([]);
    });

    it.each(['cart', 'stream', 'raw', 'pieces'])(
      'as a change is saved is a 503 in place of the answer: %s',
      async (path) => {
        const { http, cookie, fail } = await setup(platform);
        fail('commit', fault);

        const response = await http.post(`/${path}`).set({ cookie }).expect(503, UNAVAILABLE);

        expect(response.headers).toMatchObject({
          'retry-after': '1',
          'cache-control': 'no-store',
          'content-type': 'application/json; charset=utf-8',
        });
        expect(response.headers).not.toHaveProperty('etag');
      },
    );

    it.each(['cart', 'stream', 'raw', 'pieces'])(
      'as a new session is stored is a 503 without a cookie: %s',
      async (path) => {
        const { http, fail, sessions } = await setup(platform);
        fail('create', fault);

        const response = await http.post(`/${path}`).expect(503, UNAVAILABLE);

        expect(setCookies(response)).toEqual([]);
        expect(await sessions.count()).toBe(1);
      },
    );

    it.each([
      ['save', 'commit'],
      ['login', 'commit'],
      ['regenerate', 'commit'],
      ['logout', 'end'],
    ] as const)('as the handler asks for %s is a 503 with Retry-After', async (path, operation) => {
      const { http, cookie, fail } = await setup(platform);
      fail(operation, fault);

      const response = await http.post(`/${path}`).set({ cookie }).expect(503, UNAVAILABLE);

      expect(response.headers).toHaveProperty('retry-after', '1');
      expect(setCookies(response)).toEqual([]);
    });
  });

  it.each([
    ['commit', 'cart'],
    ['commit', 'raw'],
    ['open', 'cart'],
    ['open', 'checkout'],
  ] as const)('that fails to %s leaves the CORS headers in place: %s', async (operation, path) => {
    const { http, cookie, fail } = await setup(platform, WITH_CONTEXT);
    fail(operation, () => Promise.reject(new Error('ECONNRESET')));
    const origin = 'https://shop.example';

    const response = await http.post(`/${path}`).set({ cookie, origin }).expect(503);

    expect(response.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
    });
  });

  it('that failed is used again by the next request', async () => {
    const { http, cookie, store, fail } = await setup(platform);
    fail('commit', () => Promise.reject(new Error('ECONNRESET')));
    await http.post('/cart').set({ cookie }).expect(503);
    store.before = () => undefined;

    await http.get('/read').set({ cookie }).expect(200);
  });

  it('that fails is logged once a request', async () => {
    const { http, cookie, fail, errors } = await setup(platform);
    fail('open', () => Promise.reject(new Error('ECONNRESET')));

    await http.get('/read').set({ cookie }).expect(503);

    expect(errors).toHaveLength(1);
  });

  it.each(['health', 'unknown'])(
    'is not asked by a request that never asks for a session: %s',
    async (path) => {
      const { http, cookie, store } = await setup(platform);

      await http.get(`/${path}`).set({ cookie });

      expect(store.asked).toEqual([]);
    },
  );

  it('is asked once by a request that only reads', async () => {
    const { http, cookie, store } = await setup(platform);

    await http.get('/read').set({ cookie }).expect(200, { items: [] });

    expect(store.asked).toEqual(['open']);
  });

  it('is not asked by a request without a cookie that uses nothing', async () => {
    const { http, store } = await setup(platform);

    await http.get('/read').expect(200, { items: [] });

    expect(store.asked).toEqual([]);
  });

  it('gives its sessions to constructors, too', async () => {
    const { http, cookie } = await setup(platform, WITH_CONTEXT);

    await http.post('/checkout').set({ cookie }).expect(201, { added: 1 });
    await http
      .get('/checkout')
      .set({ cookie })
      .expect(200, { items: ['tea'] });
  });

  it('keeps a new session that a constructor was given', async () => {
    const { http } = await setup(platform, WITH_CONTEXT);

    const response = await http.post('/checkout').expect(201, { added: 1 });

    expect(setCookies(response)).toEqual([expect.stringMatching(/^sid=[\w-]{43}; /)]);
  });

  it('answers 409 to a request that changed what ended meanwhile', async () => {
    const { http, cookie, session } = await setup(platform);
    const answer = http.post('/slow-cart').set({ cookie }).then();
    await ShopController.latch.reached;
    await session.expire('revoked');
    ShopController.latch.open();

    const { status, body } = await answer;

    expect([status, body.code]).toEqual([409, 'SESSION_EXPIRED']);
  });

  it('answers 409 to a request whose session it finds ended as it saves', async () => {
    const { http, cookie, store } = await setup(platform);
    store.after = (operation, answer) =>
      operation === 'commit' ? { kind: 'ended', reason: 'idle' } : answer;

    const { status, body } = await http.post('/cart').set({ cookie });

    expect([status, body.code]).toEqual([409, 'SESSION_EXPIRED']);
  });

  it('answers 409 to a conflict', async () => {
    const { http, cookie, store } = await setup(platform);
    store.after = (operation, answer) =>
      operation === 'commit' ? { kind: 'conflict', components: ['cart@1'] } : answer;

    const { status, body } = await http.post('/cart').set({ cookie });

    expect([status, body.code]).toEqual([409, 'SESSION_CONFLICT']);
  });

  it('that hangs holds up nobody who does not ask for a session', async () => {
    const { app, http, cookie, store } = await setup(platform);
    await app.listen(0, '127.0.0.1');
    const latch = new Latch();
    store.before = (operation) => (operation === 'open' ? latch.pass() : undefined);
    const hanging = http.get('/read').set({ cookie }).then();
    await latch.reached;

    const { status } = await http.get('/health').set({ cookie });
    latch.open();

    expect([status, (await hanging).status]).toEqual([200, 200]);
  });

  it('that takes its time has nobody answered with a clearing cookie meanwhile', async () => {
    const { http, cookie, store, app } = await setup(platform);
    const latch = new Latch();
    store.before = (operation) => (operation === 'open' ? latch.pass() : undefined);
    app.getHttpServer().prependListener('request', (_: unknown, response: AnyResponse) => {
      void latch.reached.then(() => rawOf(response).writeHead(504).end());
    });

    const response = await http.get('/read').set({ cookie }).expect(504);
    latch.open();

    expect(setCookies(response)).toEqual([]);
  });
});
