import { Controller, Get, Post } from '@nestjs/common';
import { InjectSession, Session } from 'nestjs-live-session';
import { boot, type Platform, setCookies } from '../support/boot.js';
import { Cart } from '../support/cart.js';
import { Client } from '../support/client.js';
import { cookieFrom } from '../support/cookie.js';
import { Latch } from '../support/latch.js';
import { type Answers, PLATFORMS_AND_STORES, storeThatAnswers } from '../support/stores.js';
import { until } from '../support/until.js';

@Controller()
class AccountController {
  static latch = new Latch();
  static leaving = new Latch();
  /** What came of the request whose client has left. */
  static outcome: Promise<unknown> | undefined;

  @Get('id') id(@InjectSession() { id }: Session) {
    return { id };
  }

  @Get('slow') async slow(@InjectSession() { id }: Session) {
    await AccountController.latch.pass();
    return { id };
  }

  @Post('slow-cart') async slowCart(@InjectSession(Cart) cart: Cart) {
    cart.add('tea');
    await AccountController.latch.pass();
  }

  @Post('login') async login(@InjectSession() session: Session) {
    await AccountController.leaving.pass();
    AccountController.outcome = session.login('ann').catch((error: unknown) => error);
    await AccountController.outcome;
  }

  @Post('logout') async logout(@InjectSession() session: Session) {
    await AccountController.leaving.pass();
    AccountController.outcome = session.logout();
    await AccountController.outcome;
  }
}

/** A client that leaves before it is answered, and another one that brings the same cookie. */
async function setup([platform, answers]: [Platform, Answers]) {
  AccountController.latch = new Latch();
  AccountController.leaving = new Latch();
  AccountController.outcome = undefined;
  const { app, http } = await boot({
    platform,
    options: { store: storeThatAnswers(answers) },
    components: [Cart],
    controllers: [AccountController],
  });
  await app.listen(0, '127.0.0.1');
  const cookie = cookieFrom(await http.get('/id').expect(200));
  return {
    /** Begins a request, and leaves when its handler waits. */
    leave: async (path: string) => {
      const client = new Client(app);
      client.cookie = cookie;
      await client.leave('POST', path, AccountController.leaving.reached);
    },
    /** Lets the handler go on whose client has left. */
    goOn: async () => {
      AccountController.leaving.open();
      await until(() => AccountController.outcome !== undefined);
      return AccountController.outcome;
    },
    /** Begins another request, which waits for `answer()`. */
    other: async (method: 'get' | 'post', path: string) => {
      const answer = http[method](path).set({ cookie }).then();
      await AccountController.latch.reached;
      return async () => {
        AccountController.latch.open();
        return answer;
      };
    },
  };
}

describe.each(PLATFORMS_AND_STORES)('When a client has left, on %s, stored %s,', (...on) => {
  it('a login in its request tells the new uid to nobody who came before', async () => {
    const { leave, goOn, other } = await setup(on);
    const answer = await other('get', '/slow');
    await leave('/login');

    await goOn();

    expect(setCookies(await answer())).toEqual([]);
  });

  it('a login in its request tells the new uid to nobody who came later', async () => {
    const { leave, goOn, other } = await setup(on);
    await leave('/login');
    const answer = await other('get', '/slow');

    await goOn();

    expect(setCookies(await answer())).toEqual([]);
  });

  it('a logout in its request lets no other lose changes and be told that all went well', async () => {
    const { leave, goOn, other } = await setup(on);
    await leave('/logout');
    const answer = await other('post', '/slow-cart');

    await goOn();

    expect((await answer()).status).toBe(409);
  });
});
