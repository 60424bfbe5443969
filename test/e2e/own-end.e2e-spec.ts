import { Controller, Post } from '@nestjs/common';
import { InjectSession, Session, SessionService } from 'nestjs-live-session';
import { boot, PLATFORMS } from '../support/boot.js';
import { Cart } from '../support/cart.js';
import { cookieOf } from '../support/cookie.js';
import { Latch } from '../support/latch.js';

/** What a handler does between its change and its answer. */
type Act = (session: Session, sessions: SessionService) => unknown;

@Controller()
class ShopController {
  static act: Act = () => {};

  constructor(private readonly sessions: SessionService) {}

  @Post('buy') async buy(@InjectSession() session: Session) {
    session.getComponent(Cart).add('tea');
    await ShopController.act(session, this.sessions);
    return {};
  }
}

describe.each(PLATFORMS)('A request that changed its session, on %s', (platform) => {
  async function setup(act: Act) {
    const { http, sessions } = await boot({
      platform,
      controllers: [ShopController],
      components: [Cart],
    });
    const session = await sessions.makeSession();
    await session.login('ada');
    ShopController.act = act;
    const buy = () => http.post('/buy').set({ cookie: cookieOf(session) });
    return { session, buy };
  }

  it.each<[string, Act]>([
    ['ended it', (session) => session.logout()],
    ['ended all of its principal', (_, sessions) => sessions.expireAll('ada')],
  ])('and %s is answered as its handler says', async (_what, act) => {
    const { session, buy } = await setup(act);

    const { status } = await buy();

    expect([status, session.isExpired]).toEqual([201, true]);
  });

  it.each<[string, Act]>([
    ['ended nothing', () => {}],
    ['ended all of somebody else', (_, sessions) => sessions.expireAll('bob')],
    ['ended all but it', (except, sessions) => sessions.expireAll('ada', { except })],
  ])('and %s is a 409 where somebody else ends it', async (_what, act) => {
    const latch = new Latch();
    const { session, buy } = await setup(async (...given) => {
      await act(...given);
      await latch.pass();
    });
    const answer = buy().then();
    await latch.reached;
    await session.expire('revoked');

    latch.open();

    expect((await answer).status).toBe(409);
  });
});
