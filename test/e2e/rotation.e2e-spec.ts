import {
  type CanActivate,
  Controller,
  Get,
  Injectable,
  Param,
  Post,
  UseGuards,
} from '@nestjs/common';
import { InjectSession, RequireSession, Session, SessionService } from 'nestjs-live-session';
import { boot, type Platform, setCookies } from '../support/boot.js';
import { Cart } from '../support/cart.js';
import { cookieFrom } from '../support/cookie.js';
import { Latch } from '../support/latch.js';
import { logged } from '../support/logged.js';
import { type Answers, PLATFORMS_AND_STORES, storeThatAnswers } from '../support/stores.js';

/** A guard that waits, as those do that ask a database. */
class WaitingGuard implements CanActivate {
  async canActivate(): Promise<boolean> {
    await new Promise((resolve) => setImmediate(resolve));
    return true;
  }
}

@Controller()
class AccountController {
  /** One for each request that waits, by name. */
  static latches = new Map<string, Latch>();

  @Get('who') who(@InjectSession({ create: false }) session?: Session) {
    const items = session?.getComponent(Cart).items;
    return { id: session?.id, principal: session?.principal, items };
  }

  @Post('cart') add(@InjectSession(Cart) cart: Cart) {
    return { added: cart.add('tea') };
  }

  @Post('login/:name') async login(@InjectSession() session: Session, @Param('name') name: string) {
    await session.login(name);
  }

  @Post('regenerate') async regenerate(@InjectSession() session: Session) {
    await session.regenerate();
  }

  @Post('logout') async logout(@InjectSession() session: Session) {
    await session.logout();
  }

  @Post('cart-and-logout') async both(@InjectSession() session: Session) {
    session.getComponent(Cart).add('tea');
    await session.logout();
  }

  @Get('slow/:latch') async slow(@InjectSession() session: Session, @Param('latch') latch: string) {
    await latchOf(latch).pass();
    return { principal: session.principal ?? null };
  }

  @Post('slow-cart/:latch') async slowCart(
    @InjectSession(Cart) cart: Cart,
    @Param('latch') latch: string,
  ) {
    cart.add('tea');
    await latchOf(latch).pass();
  }

  @Post('slow-login/:name/:latch') async slowLogin(
    @InjectSession() session: Session,
    @Param('name') name: string,
    @Param('latch') latch: string,
  ) {
    await latchOf(latch).pass();
    await session.login(name);
  }

  @Post('login-slowly/:name/:latch') async loginSlowly(
    @InjectSession() session: Session,
    @Param('name') name: string,
    @Param('latch') latch: string,
  ) {
    await session.login(name);
    await latchOf(latch).pass();
  }

  @Post('slow-regenerate/:latch') async slowRegenerate(
    @InjectSession() session: Session,
    @Param('latch') latch: string,
  ) {
    await latchOf(latch).pass();
    await session.regenerate();
  }

  @Post('guarded-login/:name')
  @UseGuards(WaitingGuard)
  @RequireSession()
  async guardedLogin(@InjectSession() session: Session, @Param('name') name: string) {
    await session.login(name);
  }
}

/** Asks for the current session, so that every request has a context. */
@Injectable()
class Audit {
  constructor(readonly sessions: SessionService) {}
}

function latchOf(name: string): Latch {
  const latch = AccountController.latches.get(name) ?? new Latch();
  AccountController.latches.set(name, latch);
  return latch;
}

const CASES = PLATFORMS_AND_STORES.flatMap(([platform, answers]) => [
  [platform, answers, 'with'] as const,
  [platform, answers, 'without'] as const,
]);

async function setup(platform: Platform, answers: Answers, context: 'with' | 'without') {
  logged();
  AccountController.latches.clear();
  const booted = await boot({
    platform,
    options: { store: storeThatAnswers(answers) },
    components: [Cart],
    controllers: [AccountController],
    providers: context === 'with' ? [Audit] : [],
  });
  const { http } = booted;
  // Parallel requests need a server that stays.
  await booted.app.listen(0, '127.0.0.1');
  const cookie = cookieFrom(await http.post('/cart').expect(201));
  const post = (path: string) => http.post(path).set({ cookie });
  /** Sends a request and waits until its handler waits. */
  const start = async (method: 'get' | 'post', path: string, name: string) => {
    const answer = http[method](`${path}/${name}`).set({ cookie }).then();
    await latchOf(name).reached;
    return {
      go: async () => {
        latchOf(name).open();
        return answer;
      },
    };
  };
  const who = async (given: string) => (await http.get('/who').set({ cookie: given })).body;
  return { ...booted, cookie, post, start, who };
}

const NEW = [expect.stringMatching(/^sid=[\w-]{43}; /)];
const CLEARED = [expect.stringMatching(/^sid=; .*Max-Age=0/)];

describe.each(CASES)('On %s, stored %s, %s a context', (platform, answers, context) => {
  describe.each(['login/ann', 'regenerate'])('%s', (path) => {
    it('answers with a new cookie, and the old one is dead', async () => {
      const { post, who, cookie } = await setup(platform, answers, context);

      const response = await post(`/${path}`).expect(201);

      expect(setCookies(response)).toEqual(NEW);
      expect(await who(cookieFrom(response))).toHaveProperty('items', ['tea']);
      expect(await who(cookie)).toEqual({});
    });

    it('tells a slow request that came first neither the new uid nor to forget its own', async () => {
      const { post, start } = await setup(platform, answers, context);
      const slow = await start('get', '/slow', 'first');
      await post(`/${path}`).expect(201);

      const response = await slow.go();

      expect([response.status, setCookies(response)]).toEqual([200, []]);
    });
  });

  it('login() answers its own request, not a slow one that came after it', async () => {
    const { start } = await setup(platform, answers, context);
    const login = await start('post', '/slow-login/ann', 'first');
    const slow = await start('get', '/slow', 'second');

    const answer = await login.go();
    const other = await slow.go();

    expect(setCookies(answer)).toEqual(NEW);
    expect(setCookies(other)).toEqual([]);
  });

  it('login() answers its own request, not a slow one that came before it', async () => {
    const { start } = await setup(platform, answers, context);
    const slow = await start('get', '/slow', 'first');
    const login = await start('post', '/slow-login/ann', 'second');

    const answer = await login.go();
    const other = await slow.go();

    expect(setCookies(answer)).toEqual(NEW);
    expect(setCookies(other)).toEqual([]);
  });

  it('login() answers its own request behind guards that wait', async () => {
    const { post, start } = await setup(platform, answers, context);
    const slow = await start('get', '/slow', 'first');

    const answer = await post('/guarded-login/ann').expect(201);
    const other = await slow.go();

    expect(setCookies(answer)).toEqual(NEW);
    expect(setCookies(other)).toEqual([]);
  });

  it('a second click on the login answers with the cookie that lives', async () => {
    const { start, who } = await setup(platform, answers, context);
    const first = await start('post', '/slow-login/ann', 'first');
    const second = await start('post', '/slow-login/ann', 'second');
    await first.go();

    const response = await second.go();

    expect([response.status, setCookies(response)]).toEqual([201, NEW]);
    expect(await who(cookieFrom(response))).toHaveProperty('principal', 'ann');
  });

  it('a login that is overtaken by another is told nothing of it', async () => {
    const { start, who } = await setup(platform, answers, context);
    const second = await start('post', '/slow-login/ann', 'second');
    const first = await start('post', '/login-slowly/ann', 'first');

    const last = await second.go();
    const overtaken = await first.go();

    expect(setCookies(overtaken)).toEqual([]);
    expect(await who(cookieFrom(last))).toHaveProperty('principal', 'ann');
  });

  it('a slow request cannot regenerate() its way into a login', async () => {
    const { post, start } = await setup(platform, answers, context);
    const slow = await start('post', '/slow-regenerate', 'first');
    await post('/login/ann').expect(201);

    const response = await slow.go();

    expect([response.status, response.body.code]).toEqual([409, 'SESSION_CONFLICT']);
    expect(setCookies(response)).toEqual([]);
  });

  it("a slow request cannot log in over somebody else's login", async () => {
    const { post, start, who } = await setup(platform, answers, context);
    const slow = await start('post', '/slow-login/mallory', 'first');
    const login = await post('/login/ann').expect(201);

    const response = await slow.go();

    expect([response.status, setCookies(response)]).toEqual([409, []]);
    expect(await who(cookieFrom(login))).toHaveProperty('principal', 'ann');
  });

  it('logout() clears the cookie of its request, and of a slow one that came first', async () => {
    const { post, start, sessions } = await setup(platform, answers, context);
    const slow = await start('get', '/slow', 'first');

    const answer = await post('/logout').expect(201);
    const other = await slow.go();

    expect([setCookies(answer), setCookies(other)]).toEqual([CLEARED, CLEARED]);
    expect([other.status, await sessions.count()]).toEqual([200, 0]);
  });

  it('a request that logs out after a change is content', async () => {
    const { post } = await setup(platform, answers, context);

    const response = await post('/cart-and-logout');

    expect([response.status, setCookies(response)]).toEqual([201, CLEARED]);
  });

  it('a request that logs out after a change is content while another is slow', async () => {
    const { post, start } = await setup(platform, answers, context);
    const slow = await start('get', '/slow', 'first');

    const response = await post('/cart-and-logout');
    await slow.go();

    expect([response.status, setCookies(response)]).toEqual([201, CLEARED]);
  });

  it('a request that changed what another one logged out is answered 409', async () => {
    const { post, start, sessions } = await setup(platform, answers, context);
    const slow = await start('post', '/slow-cart', 'first');
    await post('/logout').expect(201);

    const response = await slow.go();

    expect([response.status, response.body.code]).toEqual([409, 'SESSION_EXPIRED']);
    expect(await sessions.count()).toBe(0);
  });

  it('a request that changed what was ended from outside of requests is answered 409', async () => {
    const { cookie, start, sessions } = await setup(platform, answers, context);
    const slow = await start('post', '/slow-cart', 'first');
    const session = await sessions.getSession(cookie.slice('sid='.length));
    await session.expire();

    const response = await slow.go();

    expect([response.status, response.body.code]).toEqual([409, 'SESSION_EXPIRED']);
  });

  it('each request that changed what another one logged out is answered 409', async () => {
    const { post, start } = await setup(platform, answers, context);
    const first = await start('post', '/slow-cart', 'first');
    const second = await start('post', '/slow-cart', 'second');
    await post('/logout').expect(201);

    const responses = [await first.go(), await second.go()];

    expect(responses.map(({ status }) => status)).toEqual([409, 409]);
  });
});
