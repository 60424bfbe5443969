import { Controller, Get, Injectable, Post } from '@nestjs/common';
import {
  InjectSession,
  Session,
  SessionComponent,
  SessionService,
  State,
} from 'nestjs-live-session';
import { boot, PLATFORMS, setCookies } from '../support/boot.js';

abstract class ICart {
  abstract add(sku: string): void;
  abstract readonly count: number;
}

@Injectable()
class Prices {
  readonly tax = 2;
}

@SessionComponent({ provides: [ICart] })
class Cart extends ICart {
  @State() items: string[] = [];

  constructor(
    readonly session: Session,
    readonly prices: Prices,
  ) {
    super();
  }

  add(sku: string): void {
    this.items.push(sku);
  }

  get count(): number {
    return this.items.length;
  }
}

@Injectable()
class Checkout {
  constructor(
    private readonly cart: ICart,
    private readonly session: Session,
    private readonly sessions: SessionService,
  ) {}

  state(): unknown {
    return { count: this.cart.count, id: this.session.id, current: this.sessions.current()?.id };
  }
}

@Controller()
class ShopController {
  constructor(private readonly checkout: Checkout) {}

  @Get('unused') unused(@InjectSession() session: Session): unknown {
    return { isNew: session.isNew };
  }

  @Get('id') id(@InjectSession() session: Session): unknown {
    return { id: session.id, isNew: session.isNew };
  }

  @Get('peek') peek(@InjectSession({ create: false }) session?: Session): unknown {
    return { id: session?.id ?? null };
  }

  @Post('cart') add(@InjectSession(ICart) cart: ICart): unknown {
    cart.add('tea');
    return { count: cart.count };
  }

  @Get('checkout') state(): unknown {
    return this.checkout.state();
  }

  @Post('logout') async logout(@InjectSession() session: Session): Promise<unknown> {
    await session.logout();
    return {};
  }
}

describe.each(PLATFORMS)('@InjectSession on %s', (platform) => {
  const setup = () =>
    boot({
      platform,
      components: [Cart],
      controllers: [ShopController],
      providers: [Prices, Checkout],
    });

  it('neither stores nor sends a session that nobody used', async () => {
    const { http, sessions } = await setup();

    const response = await http.get('/unused').expect(200);

    expect(setCookies(response)).toEqual([]);
    expect(await sessions.count()).toBe(0);
  });

  it('keeps a session whose id was read, and finds it again by its cookie', async () => {
    const { browser, sessions } = await setup();
    const client = browser();

    const first = await client.get('/id').expect(200);
    const second = await client.get('/id').expect(200);

    expect(setCookies(first)).toEqual([
      expect.stringMatching(/^sid=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/),
    ]);
    expect(first.body.isNew).toBe(true);
    expect(second.body).toEqual({ id: first.body.id, isNew: false });
    expect(setCookies(second)).toEqual([]);
    expect(await sessions.count()).toBe(1);
  });

  it('keeps a session whose component changed', async () => {
    const { browser } = await setup();
    const client = browser();

    await client.post('/cart').expect(201);
    const { body } = await client.post('/cart').expect(201);

    expect(body).toEqual({ count: 2 });
  });

  it('lets singletons stand for the session of the running request', async () => {
    const { browser } = await setup();
    const [one, two] = [browser(), browser()];
    await one.post('/cart').expect(201);

    const first = await one.get('/checkout').expect(200);
    const second = await two.get('/checkout').expect(200);

    expect(first.body).toEqual({ count: 1, id: first.body.current, current: first.body.current });
    expect(second.body.count).toBe(0);
    expect(second.body.id).not.toBe(first.body.id);
  });

  it('never makes a session for create: false', async () => {
    const { http, sessions } = await setup();

    const { body } = await http.get('/peek').expect(200);

    expect(body).toEqual({ id: null });
    expect(await sessions.count()).toBe(0);
  });

  it('clears the cookie of a session that ended', async () => {
    const { browser, sessions } = await setup();
    const client = browser();
    await client.get('/id').expect(200);

    const response = await client.post('/logout').expect(201);

    expect(setCookies(response)).toEqual([
      expect.stringMatching(/^sid=; Path=\/; HttpOnly; SameSite=Lax; Max-Age=0/),
    ]);
    expect(await sessions.count()).toBe(0);
  });
});
