import { Controller, Get, Post } from '@nestjs/common';
import { InjectSession, Session } from 'nestjs-live-session';
import { boot, PLATFORMS, setCookies } from '../support/boot.js';

@Controller()
class AccountController {
  @Get('who') who(@InjectSession({ create: false }) session?: Session): unknown {
    return { principal: session?.principal ?? null };
  }

  @Post('login') async login(@InjectSession() session: Session): Promise<void> {
    await session.login('ann');
  }
}

describe.each(PLATFORMS)('A request that crosses a login on %s', (platform) => {
  const setup = async () => {
    const { http, clock } = await boot({ platform, controllers: [AccountController] });
    const [made] = setCookies(await http.post('/login').expect(201));
    const cookie = String(made).split(';', 1).join();
    await http.post('/login').set('Cookie', cookie).expect(201);
    return { clock, who: () => http.get('/who').set('Cookie', cookie).expect(200) };
  };

  it('is nobody, for its uid is dead', async () => {
    const { who } = await setup();

    const { body } = await who();

    expect(body).toEqual({ principal: null });
  });

  it.each([0, 59.9])('is not told to forget its cookie %d seconds later', async (seconds) => {
    const { who, clock } = await setup();
    clock.advance(seconds);

    const response = await who();

    expect(setCookies(response)).toEqual([]);
  });

  it.each([60, 60.1])('is told to forget its cookie %d seconds later', async (seconds) => {
    const { who, clock } = await setup();
    clock.advance(seconds);

    const response = await who();

    expect(setCookies(response)).toEqual([expect.stringMatching(/^sid=; .*Max-Age=0/)]);
  });
});
