import { Controller, Get, Injectable } from '@nestjs/common';
import { ApplicationConfig, ModuleRef } from '@nestjs/core';
import { InjectSession, Session } from 'nestjs-live-session';
import { boot, PLATFORMS } from '../support/boot.js';
import { Cart } from '../support/cart.js';
import { cookieOf } from '../support/cookie.js';
import { logged } from '../support/logged.js';
import { storeThatAnswers } from '../support/stores.js';

@Controller('cart')
class CartController {
  constructor(@InjectSession(Cart) private readonly cart: Cart) {}

  @Get() show(): unknown {
    return this.cart.items;
  }
}

@Controller('health')
class HealthController {
  @Get() show(): unknown {
    return 'well';
  }
}

@Controller('late')
class LateController {
  constructor(private readonly moduleRef: ModuleRef) {}

  @Get() show(): unknown {
    return this.moduleRef.get(Session, { strict: false }).principal;
  }
}

@Injectable()
class CartService {
  constructor(readonly cart: Cart) {}
}

describe.each(PLATFORMS)('A store that takes its time, on %s,', (platform) => {
  async function setup(providers: (typeof CartService)[] = []) {
    const store = storeThatAnswers('by promise');
    const { http, sessions } = await boot({
      platform,
      components: [Cart],
      controllers: [CartController, HealthController, LateController],
      providers,
      options: { store },
    });
    const session = await sessions.makeSession();
    session.getComponent(Cart).add('tea');
    await session.save();
    store.asked.length = 0;
    return { store, get: (path: string) => http.get(path).set('Cookie', cookieOf(session)) };
  }

  it('is asked once before a controller runs that was given the session', async () => {
    const { store, get } = await setup();

    await get('/cart').expect(200, ['tea']);

    expect(store.asked).toEqual(['open']);
  });

  it('is not asked for the sake of another controller', async () => {
    const { store, get } = await setup();

    await get('/health').expect(200);

    expect(store.asked).toEqual([]);
  });

  it.each([
    ['no guard', [HealthController], 0],
    ['one guard', [HealthController, CartController], 1],
  ])('costs every request %s', async (_what, controllers, guards) => {
    const store = storeThatAnswers('by promise');
    const { app } = await boot({ platform, components: [Cart], controllers, options: { store } });

    expect(app.get(ApplicationConfig).getGlobalGuards()).toHaveLength(guards);
  });

  it('is asked with every request where a provider was given the session', async () => {
    const { store, get } = await setup([CartService]);

    await get('/health').expect(200);

    expect(store.asked).toEqual(['open']);
  });

  it('makes no stranger of a client whose session nobody has waited for', async () => {
    const errors = logged();
    const { store, get } = await setup();

    const response = await get('/late').expect(500);

    expect(response.headers['set-cookie']).toBeUndefined();
    expect(store.asked).not.toContain('create');
    expect(errors).toEqual([expect.stringContaining('on its way')]);
  });
});
