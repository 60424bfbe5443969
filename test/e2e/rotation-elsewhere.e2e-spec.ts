import { Controller, Get, Post } from '@nestjs/common';
import { InjectSession, Session } from 'nestjs-live-session';
import { boot, type Platform, PLATFORMS, setCookies } from '../support/boot.js';
import { CopyingStore } from '../support/copying.store.js';
import { cookieFrom } from '../support/cookie.js';
import { Latch } from '../support/latch.js';

@Controller()
class AccountController {
  static latch = new Latch();

  @Get('who') who(@InjectSession() { id, principal }: Session) {
    return { id, principal };
  }

  @Get('slow') async slow(@InjectSession() { id }: Session) {
    await AccountController.latch.pass();
    return { id };
  }

  @Post('login') async login(@InjectSession() session: Session) {
    await session.login('ann');
  }

  @Post('regenerate') async regenerate(@InjectSession() session: Session) {
    await session.regenerate();
  }
}

/**
 * A slow request is under way on one node, and the session gets a new uid on another one: of that the
 * first learns when it is asked for by it.
 */
async function setup(platform: Platform) {
  AccountController.latch = new Latch();
  const store = new CopyingStore();
  const node = async (own: CopyingStore) => {
    const { app, http } = await boot({
      platform,
      options: { store: own },
      controllers: [AccountController],
    });
    await app.listen(0, '127.0.0.1');
    return http;
  };
  const [here, there] = [await node(store), await node(new CopyingStore(store))];
  const old = cookieFrom(await here.get('/who').expect(200));
  const answer = here.get('/slow').set({ cookie: old }).then();
  await AccountController.latch.reached;
  const cookie = cookieFrom(await there.post('/login').set({ cookie: old }).expect(201));
  const finish = async () => {
    AccountController.latch.open();
    return answer;
  };
  return { here, cookie, finish };
}

describe.each(PLATFORMS)('Where another node gave the session a new uid, on %s,', (platform) => {
  it.each(['/login', '/regenerate'])(
    'a request that cannot be told from a slow one is refused %s',
    async (path) => {
      const { here, cookie, finish } = await setup(platform);

      const refused = await here.post(path).set({ cookie });

      expect([refused.status, refused.body.code]).toEqual([409, 'SESSION_CONFLICT']);
      expect([setCookies(refused), setCookies(await finish())]).toEqual([[], []]);
      expect((await here.get('/who').set({ cookie })).body.principal).toBe('ann');
    },
  );

  it.each(['/login', '/regenerate'])(
    'whoever is refused %s once succeeds with the next try, and alone gets the new uid',
    async (path) => {
      const { here, cookie, finish } = await setup(platform);
      await here.post(path).set({ cookie }).expect(409);

      const done = await here.post(path).set({ cookie }).expect(201);

      expect([setCookies(done).length, setCookies(await finish())]).toEqual([1, []]);
    },
  );
});
