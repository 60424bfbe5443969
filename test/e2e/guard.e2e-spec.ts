import { Controller, Get, Post, UseGuards } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import {
  InjectSession,
  RequireSession,
  Session,
  SessionGuard,
  SessionRequiredError,
} from 'nestjs-live-session';
import { boot, type BootOptions, type Platform, setCookies } from '../support/boot.js';
import { cookieFrom } from '../support/cookie.js';
import { type Answers, PLATFORMS_AND_STORES, storeThatAnswers } from '../support/stores.js';

@Controller()
class MethodController {
  @Get('open') open() {
    return {};
  }

  @Post('use') use(@InjectSession() session: Session) {
    return { id: session.id };
  }

  @Post('login') async login(@InjectSession() session: Session) {
    await session.login('ann');
  }

  @Post('login-mfa') async loginMfa(@InjectSession() session: Session) {
    await session.login('ann', { level: 'mfa' });
  }

  @Get('session') @RequireSession() session() {
    return {};
  }

  @Get('guard') @UseGuards(SessionGuard) guard() {
    return {};
  }

  @Get('principal') @RequireSession({ principal: true }) principal() {
    return {};
  }

  @Get('fresh') @RequireSession({ freshWithin: 300 }) fresh() {
    return {};
  }

  @Get('mfa') @RequireSession({ level: 'mfa' }) mfa() {
    return {};
  }

  @Get('fresh-mfa') @RequireSession({ level: 'mfa', freshWithin: 300 }) freshMfa() {
    return {};
  }

  @Get('given') @RequireSession() given(@InjectSession() session: Session) {
    return { id: session.id };
  }
}

@Controller('account')
@RequireSession({ principal: true })
class ClassController {
  @Get() show() {
    return {};
  }

  @Get('cart') @RequireSession() cart() {
    return {};
  }

  @Get('card') @RequireSession({ freshWithin: 300 }) card() {
    return {};
  }
}

async function setup(platform: Platform, answers: Answers, given: BootOptions = {}) {
  const store = storeThatAnswers(answers);
  const controllers = [MethodController, ClassController];
  const booted = await boot({ platform, options: { store }, controllers, ...given });
  const { http } = booted;
  const as = async (path: string) => cookieFrom(await http.post(path).expect(201));
  const get = (path: string, cookie = '') => http.get(path).set({ cookie });
  return { ...booted, store, as, get };
}

function refusal(requirement: SessionRequiredError['requirement']): unknown {
  return new SessionRequiredError(requirement).getResponse();
}

describe.each(PLATFORMS_AND_STORES)('@RequireSession() on %s, stored %s,', (platform, answers) => {
  it.each(['/session', '/guard', '/given', '/account/cart'])(
    'answers 401 without a session: %s',
    async (path) => {
      const { get } = await setup(platform, answers);

      const { body } = await get(path).expect(401);

      expect(body).toEqual(refusal('session'));
      expect(body).toMatchObject({ statusCode: 401, code: 'SESSION_REQUIRED' });
    },
  );

  it.each(['/session', '/guard', '/given', '/account/cart'])(
    'lets one with a session through: %s',
    async (path) => {
      const { get, as } = await setup(platform, answers);

      await get(path, await as('/use')).expect(200);
    },
  );

  it('never makes a session, and asks no store for none', async () => {
    const { get, store } = await setup(platform, answers);

    const response = await get('/given').expect(401);

    expect([setCookies(response), store.asked]).toEqual([[], []]);
  });

  it('answers 401 with an unknown session, and has its cookie cleared', async () => {
    const { get } = await setup(platform, answers);

    const response = await get('/session', `sid=${'A'.repeat(43)}`).expect(401);

    expect(setCookies(response)).toEqual([expect.stringMatching(/^sid=; .*Max-Age=0/)]);
  });

  it('answers 401 with a session that has ended', async () => {
    const { get, as, sessions, clock } = await setup(platform, answers);
    const cookie = await as('/use');
    clock.advance(900);

    await get('/session', cookie).expect(401, refusal('session'));
    expect(await sessions.count()).toBe(0);
  });

  it.each(['/principal', '/account', '/fresh', '/mfa'])(
    'answers 401 where nobody is logged in: %s',
    async (path) => {
      const { get, as } = await setup(platform, answers);

      await get(path, await as('/use')).expect(401, refusal('principal'));
    },
  );

  it.each(['/principal', '/account', '/fresh', '/account/card', '/session'])(
    'lets one through who is logged in: %s',
    async (path) => {
      const { get, as } = await setup(platform, answers);

      await get(path, await as('/login')).expect(200);
    },
  );

  it.each(['/mfa', '/fresh-mfa'])(
    'answers 401 where the login has another level: %s',
    async (path) => {
      const { get, as } = await setup(platform, answers);

      await get(path, await as('/login')).expect(401, refusal('level'));
    },
  );

  it.each(['/mfa', '/fresh-mfa'])('lets a login of its level through: %s', async (path) => {
    const { get, as } = await setup(platform, answers);

    await get(path, await as('/login-mfa')).expect(200);
  });

  it.each([
    ['/fresh', 299, 200],
    ['/fresh', 300, 200],
    ['/fresh', 301, 401],
    ['/account/card', 300, 200],
    ['/account/card', 301, 401],
    ['/principal', 301, 200],
  ])('on %s, %d s after the login, answers %d', async (path, seconds, status) => {
    const { get, as, clock } = await setup(platform, answers);
    const cookie = await as('/login');
    clock.advance(seconds);

    await get(path, cookie).expect(status);
  });

  it('is not satisfied by use: a login does not get younger', async () => {
    const { get, as, clock } = await setup(platform, answers);
    const cookie = await as('/login');
    clock.advance(200);
    await get('/fresh', cookie).expect(200);
    clock.advance(101);

    await get('/fresh', cookie).expect(401, refusal('recent login'));
  });

  it('of a method comes before that of its class', async () => {
    const { get, as } = await setup(platform, answers);

    await get('/account/cart', await as('/use')).expect(200);
  });
});

describe.each(PLATFORMS_AND_STORES)('SessionGuard on %s, stored %s,', (platform, answers) => {
  const everywhere: readonly [string, BootOptions][] = [
    ['APP_GUARD', { providers: [{ provide: APP_GUARD, useClass: SessionGuard }] }],
    ['useGlobalGuards()', { main: (app) => app.useGlobalGuards(new SessionGuard()) }],
  ];

  it.each(everywhere)('as %s requires a session of every route', async (_, given) => {
    const { get, sessions } = await setup(platform, answers, given);
    const { uid } = await sessions.makeSession();

    await get('/open').expect(401, refusal('session'));
    await get('/open', `sid=${uid}`).expect(200);
  });

  it.each(everywhere)('as %s heeds the requirement of a route', async (_, given) => {
    const { get, sessions } = await setup(platform, answers, given);
    const { uid } = await sessions.makeSession();

    await get('/principal', `sid=${uid}`).expect(401, refusal('principal'));
  });
});

describe('@RequireSession()', () => {
  it.each([0, -1, NaN, Infinity, '300'])('refuses freshWithin: %p', (freshWithin) => {
    expect(() => Reflect.apply(RequireSession, undefined, [{ freshWithin }])).toThrow(
      expect.objectContaining({ code: 'SESSION_OPTION_INVALID', option: 'freshWithin' }),
    );
  });
});
