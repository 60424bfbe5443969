import {
  type ArgumentsHost,
  Body,
  type CallHandler,
  type CanActivate,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  type INestApplication,
  Injectable,
  type MiddlewareConsumer,
  Module,
  type NestInterceptor,
  type NestMiddleware,
  NotFoundException,
  Param,
  type PipeTransform,
  Post,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
} from '@nestjs/common';
import { APP_GUARD, HttpAdapterHost } from '@nestjs/core';
import { type Observable } from 'rxjs';
import {
  InjectSession,
  Session,
  SessionComponent,
  SessionModule,
  SessionService,
  State,
} from 'nestjs-live-session';
import { boot, PLATFORMS } from '../support/boot.js';
import { cookieOf } from '../support/cookie.js';
import { crowd, type CrowdRequest } from '../support/crowd.js';
import { Latch } from '../support/latch.js';
import { PLATFORMS_AND_STORES, storeThatAnswers } from '../support/stores.js';

abstract class ICart {
  abstract items: string[];
}

@SessionComponent({ provides: [ICart] })
class Cart extends ICart {
  @State() items: string[] = [];
}

/** Lets other requests run. */
function hop(): Promise<void> {
  return new Promise((go) => setImmediate(go));
}

@Injectable()
class Basket {
  constructor(
    private readonly session: Session,
    private readonly cart: ICart,
    private readonly sessions: SessionService,
  ) {}

  async put(sku: string): Promise<Put> {
    const ids = [this.session.id];
    await hop();
    this.cart.items.push(sku);
    await hop();
    ids.push(this.session.id, this.sessions.current()?.id ?? 'none');
    return { ids: [...new Set(ids)], items: this.cart.items };
  }
}

/** What `put()` answers. */
interface Put {
  readonly ids: readonly string[];
  readonly items: readonly string[];
}

/** Milliseconds that 200 requests may take on a busy machine. */
const TIMEOUT = 30_000;

let controllersMade = 0;

@Controller()
class BasketController {
  readonly number = ++controllersMade;

  constructor(private readonly basket: Basket) {}

  @Get('put/:sku') put(@Param('sku') sku: string): Promise<unknown> {
    return this.basket.put(sku);
  }

  @Post('put') post(@Body() { sku }: { sku: string }): Promise<unknown> {
    return this.basket.put(sku);
  }

  @Get('number') get(@InjectSession() session: Session): unknown {
    return { number: this.number, session: session.id };
  }

  @Get('nothing') nothing(): unknown {
    return {};
  }
}

describe.each(PLATFORMS_AND_STORES)(
  'On %s, with a store that answers %s, a singleton with the session in its constructor',
  (platform, answers) => {
    const setup = () =>
      boot({
        platform,
        options: { store: storeThatAnswers(answers) },
        components: [Cart],
        controllers: [BasketController],
        providers: [Basket],
        main: (app) => app.listen(0),
      });

    /** 200 requests, each of which puts its number into the cart of its session. */
    const requests = (method: string, cookie?: (n: number) => string): CrowdRequest[] =>
      Array.from({ length: 200 }, (_, n) => ({
        ...(method === 'GET' ? { path: `/put/${n}` } : { path: '/put', body: { sku: `${n}` } }),
        ...(cookie && { cookie: cookie(n) }),
      }));

    it('stays a singleton', async () => {
      const { http } = await setup();

      const first = await http.get('/number').expect(200);
      const second = await http.get('/number').expect(200);

      expect(first.body.number).toBe(second.body.number);
      expect(first.body.session).not.toBe(second.body.session);
    });

    it('asks for no session in a request that does not use it', async () => {
      const { http, sessions } = await setup();

      const response = await http.get('/nothing').expect(200);

      expect(response.headers).not.toHaveProperty('set-cookie');
      expect(await sessions.count()).toBe(0);
    });

    it.each(['GET', 'POST'])(
      'keeps the sessions of 200 concurrent requests apart (%s)',
      async (method) => {
        const { app, sessions } = await setup();
        const own = await Promise.all(Array.from({ length: 200 }, () => sessions.makeSession()));
        const cookies = own.map((session) => cookieOf(session));

        const answers = await crowd<Put>(
          app,
          requests(method, (n) => cookies[n] ?? ''),
        );

        expect(answers).toEqual(own.map(({ id }, n) => ({ ids: [id], items: [`${n}`] })));
      },
      TIMEOUT,
    );

    it.each(['GET', 'POST'])(
      'gives each of 200 concurrent newcomers a session of their own (%s)',
      async (method) => {
        const { app, sessions } = await setup();

        const answers = await crowd<Put>(app, requests(method));

        expect(answers.map(({ items }) => items)).toEqual(answers.map((_, n) => [`${n}`]));
        expect(new Set(answers.map(({ ids }) => ids.join())).size).toBe(200);
        expect(await sessions.count()).toBe(200);
      },
      TIMEOUT,
    );

    it(
      'shows 200 concurrent requests on one session the same live components',
      async () => {
        const { app, sessions } = await setup();
        const session = await sessions.makeSession();
        const cookie = cookieOf(session);

        await crowd(
          app,
          requests('GET', () => cookie),
        );

        const { items } = session.getComponent(Cart);
        expect(items).toHaveLength(200);
        expect(new Set(items).size).toBe(200);
      },
      TIMEOUT,
    );
  },
);

describe.each(PLATFORMS)('On %s the session is injected', (platform) => {
  /** Where everybody writes the public handle of the session that they see. */
  @Injectable()
  class Witness {
    readonly seen: [who: string, id: string][] = [];

    constructor(private readonly session: Session) {}

    note(who: string): void {
      this.seen.push([who, this.session.id]);
    }
  }

  @Injectable()
  class WitnessMiddleware implements NestMiddleware {
    constructor(private readonly witness: Witness) {}

    use(_request: unknown, _response: unknown, next: () => void): void {
      this.witness.note('middleware');
      next();
    }
  }

  @Injectable()
  class WitnessGuard implements CanActivate {
    constructor(private readonly witness: Witness) {}

    canActivate(): boolean {
      this.witness.note('guard');
      return true;
    }
  }

  @Injectable()
  class WitnessInterceptor implements NestInterceptor {
    constructor(private readonly witness: Witness) {}

    intercept(_context: unknown, next: CallHandler): Observable<unknown> {
      this.witness.note('interceptor');
      return next.handle();
    }
  }

  @Injectable()
  class WitnessPipe implements PipeTransform {
    constructor(private readonly witness: Witness) {}

    transform(value: unknown): unknown {
      this.witness.note('pipe');
      return value;
    }
  }

  @Catch(NotFoundException)
  class WitnessFilter implements ExceptionFilter {
    constructor(
      private readonly witness: Witness,
      private readonly host: HttpAdapterHost,
    ) {}

    catch(_error: unknown, host: ArgumentsHost): void {
      this.witness.note('filter');
      this.host.httpAdapter.reply(host.switchToHttp().getResponse(), {}, 404);
    }
  }

  @UseGuards(WitnessGuard)
  @UseInterceptors(WitnessInterceptor)
  @UsePipes(WitnessPipe)
  @UseFilters(WitnessFilter)
  @Controller()
  class LostController {
    @Post('lost/:what') lost(@Param('what') _what: string): never {
      throw new NotFoundException();
    }
  }

  @Module({ controllers: [LostController], providers: [Witness], exports: [Witness] })
  class LostModule {
    configure(consumer: MiddlewareConsumer): void {
      consumer.apply(WitnessMiddleware).forRoutes('lost/*what');
    }
  }

  it('into middleware, guards, interceptors, pipes and filters', async () => {
    const { app, http, sessions } = await boot({ platform, imports: [LostModule] });
    const session = await sessions.makeSession();

    await http.post('/lost/hat').set('Cookie', cookieOf(session)).send({ a: 1 }).expect(404);

    expect(app.get(Witness).seen).toEqual(
      ['middleware', 'guard', 'interceptor', 'pipe', 'filter'].map((who) => [who, session.id]),
    );
  });

  it('into what is registered as APP_GUARD', async () => {
    const guard = { provide: APP_GUARD, useClass: WitnessGuard };
    const { app, http, sessions } = await boot({
      platform,
      imports: [LostModule],
      providers: [guard],
    });
    const session = await sessions.makeSession();

    await http.post('/lost/hat').set('Cookie', cookieOf(session)).expect(404);

    expect(app.get(Witness).seen.filter(([who]) => who === 'guard')).toHaveLength(2);
  });
});

describe.each(PLATFORMS)('On %s the current session can be asked for', (platform) => {
  @Controller()
  class NobodyController {
    @Get() nothing(): unknown {
      return {};
    }
  }

  /** A guard that main.ts makes by hand. */
  class HandmadeGuard implements CanActivate {
    readonly seen: unknown[] = [];

    constructor(private readonly ask: { id?: string } | SessionService) {}

    canActivate(): boolean {
      const { ask } = this;
      this.seen.push(ask instanceof SessionService ? ask.current()?.id : ask.id);
      return true;
    }
  }

  it.each([
    ['the session', (app: INestApplication) => app.get(Session)],
    ['the service', (app: INestApplication) => app.get(SessionService)],
  ])('by a global guard to which main.ts gives %s', async (_, give) => {
    let guard: HandmadeGuard | undefined;
    const { http, sessions } = await boot({
      platform,
      controllers: [NobodyController],
      main: (app) => app.useGlobalGuards((guard = new HandmadeGuard(give(app)))),
    });
    const session = await sessions.makeSession();

    await http.get('/').set('Cookie', cookieOf(session)).expect(200);

    expect(guard?.seen).toEqual([session.id]);
  });

  it('in what a request leaves behind only while its response is open', async () => {
    const latch = new Latch();
    const seen: unknown[] = [];
    @Controller()
    class LeavingController {
      constructor(private readonly session: Session) {}

      @Get() leave(): unknown {
        void latch.pass().then(() => {
          try {
            seen.push(this.session.id);
          } catch (error) {
            seen.push(error);
          }
          return left.pass();
        });
        return { id: this.session.id };
      }
    }
    const left = new Latch();
    const { http } = await boot({ platform, controllers: [LeavingController] });

    await http.get('/').expect(200);
    latch.open();
    await left.reached;

    expect(seen).toEqual([expect.objectContaining({ code: 'NO_CURRENT_SESSION' })]);
  });
});

describe.each(PLATFORMS)('On %s a feature module', (platform) => {
  it('injects its components into its own controllers and into those of who imports it', async () => {
    const feature = SessionModule.forFeature([Cart]);
    @Controller('inner')
    class InnerController {
      constructor(private readonly cart: ICart) {}

      @Post() add(): unknown {
        return { count: this.cart.items.push('tea') };
      }
    }
    @Module({ imports: [feature], controllers: [InnerController], exports: [feature] })
    class CartModule {}
    @Controller('outer')
    class OuterController {
      constructor(private readonly cart: Cart) {}

      @Get() get(): unknown {
        return this.cart.items;
      }
    }
    const { browser } = await boot({
      platform,
      imports: [CartModule],
      controllers: [OuterController],
    });
    const client = browser();

    await client.post('/inner').expect(201);
    const { body } = await client.get('/outer').expect(200);

    expect(body).toEqual(['tea']);
  });
});
