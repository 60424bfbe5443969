import { Controller, Get, Injectable, Post } from '@nestjs/common';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  InjectSession,
  Session,
  SessionService,
  SessionStoreUnavailableError,
} from 'nestjs-live-session';
import { boot, type Platform, setCookies } from '../support/boot.js';
import { Cart } from '../support/cart.js';
import { Client } from '../support/client.js';
import { cookieFrom, cookieOf } from '../support/cookie.js';
import { Latch } from '../support/latch.js';
import { logged } from '../support/logged.js';
import { type Answers, PLATFORMS_AND_STORES, storeThatAnswers } from '../support/stores.js';

@Controller()
class CartController {
  static latch = new Latch();

  @Get('cart') show(@InjectSession(Cart) cart: Cart) {
    return { items: cart.items };
  }

  @Post('cart') add(@InjectSession(Cart) cart: Cart) {
    return { added: cart.add('tea') };
  }

  @Post('before') async before(@InjectSession(Cart) cart: Cart) {
    cart.add('tea');
    await CartController.latch.pass();
    return {};
  }

  @Post('after') async after(@InjectSession(Cart) cart: Cart) {
    await CartController.latch.pass();
    cart.add('tea');
    return {};
  }

  @Post('save-and-fail') async saveAndFail(@InjectSession() session: Session) {
    session.getComponent(Cart).add('tea');
    await session.save();
    throw new Error('unknown');
  }

  @Post('large') async large(@InjectSession(Cart) cart: Cart) {
    cart.add('x'.repeat(20_000));
    await CartController.latch.pass();
    return {};
  }

  @Post('login') async login(@InjectSession() session: Session) {
    await session.login('ann');
    return {};
  }
}

/** Asks for the current session, so that every request has a context. */
@Injectable()
class Audit {
  constructor(readonly sessions: SessionService) {}
}

async function setup(platform: Platform, answers: Answers, context?: 'with a context') {
  const errors = logged();
  CartController.latch = new Latch();
  const store = storeThatAnswers(answers);
  const booted = await boot({
    platform,
    options: { store },
    components: [Cart],
    controllers: [CartController],
    providers: context === undefined ? [] : [Audit],
  });
  await booted.app.listen(0, '127.0.0.1');
  const session = await booted.sessions.makeSession();
  const cookie = cookieOf(session);
  const saved = new Latch();
  store.after = (operation, answer) => {
    if (operation === 'commit') saved.reach();
    return answer;
  };
  const { http } = booted;
  const post = (path: string) => http.post(path).set({ cookie });
  const items = async () => (await http.get('/cart').set({ cookie }).expect(200)).body.items;
  return { ...booted, errors, store, session, cookie, saved: saved.reached, post, items };
}

describe.each(PLATFORMS_AND_STORES)('A request on %s, stored %s,', (platform, answers) => {
  it.each([
    ['before', undefined],
    ['after', undefined],
    ['before', 'with a context'],
    ['after', 'with a context'],
  ] as const)(
    'whose client is gone has its change saved all the same: %s that, %s',
    async (when, context) => {
      const { app, cookie, saved, items } = await setup(platform, answers, context);
      const client = new Client(app);
      client.cookie = cookie;
      await client.leave('POST', `/${when}`, CartController.latch.reached);
      CartController.latch.open();

      await saved;

      expect(await items()).toEqual(['tea']);
    },
  );

  it('whose client is gone, and whose change cannot be saved, is logged', async () => {
    const { app, cookie, store, errors } = await setup(platform, answers);
    const client = new Client(app);
    client.cookie = cookie;
    const failed = new Promise<void>((resolve) => {
      store.before = (operation) => {
        if (operation !== 'commit') return;
        setImmediate(resolve);
        throw new Error('ECONNRESET');
      };
    });

    await client.leave('POST', '/before', CartController.latch.reached);
    await failed;

    expect(errors).toEqual([new SessionStoreUnavailableError().message]);
  });

  it('that fails keeps what its handler saved', async () => {
    const { post, items } = await setup(platform, answers);

    await post('/save-and-fail').expect(500);

    expect(await items()).toEqual(['tea']);
  });

  it('leaves nothing of a change that is refused', async () => {
    const { post, items } = await setup(platform, answers);
    await post('/cart').expect(201);
    CartController.latch.open();

    await post('/large').expect(413);

    expect(await items()).toEqual(['tea']);
  });

  it('is not content where its change was lost by the refusal of another', async () => {
    const { post, items } = await setup(platform, answers);
    const large = post('/large').then();
    await CartController.latch.reached;
    const { status } = await post('/cart');
    CartController.latch.open();

    const { status: ofLarge } = await large;

    expect([status, ofLarge]).toEqual([413, 413]);
    expect(await items()).toEqual([]);
  });

  it('that is answered as the application closes is saved', async () => {
    const { app, post, store, sessions } = await setup(platform, answers);
    const ends: unknown[] = [];
    sessions.expire$.subscribe((end) => ends.push(end));
    const answer = post('/after').set({ connection: 'close' }).then();
    await CartController.latch.reached;
    const closed = app.close();
    CartController.latch.open();

    const { status } = await answer;
    await closed;

    expect([status, store.asked.at(-1), ends]).toEqual([201, 'commit', []]);
  });
});

/** Jest cannot `require()` the ES module that Fastify's inject() needs with Nest 12, before Node 24. */
const isInjectable = process.env.NEST === '11' || Number.parseInt(process.versions.node, 10) >= 24;

if (isInjectable) {
  describe.each(['at once', 'by promise'] as const)(
    'inject() on Fastify, stored %s,',
    (answers) => {
      const setupInject = async () => {
        const booted = await setup('Fastify', answers);
        const app = booted.app as NestFastifyApplication;
        return { ...booted, inject: app.inject.bind(app) };
      };

      it('sets the cookie of a new session', async () => {
        const { inject } = await setupInject();

        const response = await inject({ method: 'POST', url: '/cart' });

        expect(response.statusCode).toBe(201);
        expect(setCookies(response)).toEqual([expect.stringMatching(/^sid=[\w-]{43}; /)]);
      });

      it('finds a session, and renews it, time and again', async () => {
        const { inject, cookie } = await setupInject();
        const first = await inject({ method: 'POST', url: '/login', headers: { cookie } });
        const headers = { cookie: cookieFrom(first) };

        const second = await inject({ method: 'POST', url: '/login', headers });

        expect(setCookies(second)).toEqual([expect.stringMatching(/^sid=[\w-]{43}; /)]);
        expect(cookieFrom(second)).not.toBe(cookieFrom(first));
      });
    },
  );
}
