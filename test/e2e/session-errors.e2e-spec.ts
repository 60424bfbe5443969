import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  HttpException,
  Module,
  type ModuleMetadata,
  Post,
  Query,
  type Type,
  UseFilters,
} from '@nestjs/common';
import { APP_FILTER, HttpAdapterHost } from '@nestjs/core';
import {
  CannotAdaptError,
  InjectSession,
  NoCurrentSessionError,
  RequireSession,
  type Session,
  SessionComponentError,
  SessionConflictError,
  SessionError,
  SessionExpiredError,
  SessionHeadersSentError,
  SessionLimitError,
  SessionNotFoundError,
  SessionOptionError,
  SessionRequiredError,
  SessionService,
  SessionStateError,
  SessionStoreUnavailableError,
  SessionTooLargeError,
} from 'nestjs-live-session';
import { boot, type BootOptions, PLATFORMS } from '../support/boot.js';
import { Cart } from '../support/cart.js';
import { cookieFrom } from '../support/cookie.js';
import { logged } from '../support/logged.js';
import { type Operation, WatchedStore } from '../support/watched.store.js';

const MESSAGE = expect.stringMatching(/.{20}/);

const SHOWN: Readonly<Record<string, SessionError>> = {
  401: new SessionNotFoundError(),
  '401-required': new SessionRequiredError('principal'),
  409: new SessionExpiredError('id', 'logout'),
  '409-conflict': new SessionConflictError('id', ['cart']),
  '409-limit': new SessionLimitError(3),
  413: new SessionTooLargeError('cart', 10),
  503: new SessionStoreUnavailableError(new Error('connection refused')),
};

const HIDDEN: Readonly<Record<string, SessionError>> = {
  context: new NoCurrentSessionError('The injected Cart'),
  headers: new SessionHeadersSentError('login()'),
  option: new SessionOptionError('sessionTimeout', 'must be positive.'),
  state: new SessionStateError('cart.items[0]', 'must be plain: it is a function.'),
  component: new SessionComponentError('Cart', 'must be decorated.'),
  adapt: new CannotAdaptError('Session', 'ICart'),
};

const names = (errors: object) => Object.keys(errors);

@Controller()
class FailingController {
  constructor(private readonly sessions: SessionService) {}

  @Get('throw') throw(@Query('error') name: string): never {
    throw SHOWN[name] ?? HIDDEN[name] ?? new Error(name);
  }

  @Get('required') @RequireSession() required(): object {
    return {};
  }

  @Get('count') async count(): Promise<object> {
    return { count: await this.sessions.count() };
  }

  @Get('cart') show(@InjectSession(Cart) cart: Cart): object {
    return { items: cart.items.length };
  }

  @Post('cart') add(@InjectSession(Cart) cart: Cart, @Query('sku') sku: string): object {
    return { items: cart.add(sku) };
  }

  @Post('state') spoil(@InjectSession(Cart) cart: Cart): object {
    cart.items.push((() => {}) as never);
    return {};
  }

  @Post('timeout') retime(@InjectSession() session: Session): void {
    session.sessionTimeout = Number.NaN;
  }
}

const setup = (platform: BootOptions['platform'], given: BootOptions = {}) =>
  boot({
    ...given,
    platform,
    components: [Cart],
    controllers: [...(given.controllers ?? []), FailingController],
  });

describe.each(PLATFORMS)('SessionError on %s', (platform) => {
  it.each(names(SHOWN))('shows its message to the client: %s', async (name) => {
    const { http } = await setup(platform);
    const { code, message } = SHOWN[name] ?? {};
    const statusCode = Number.parseInt(name);

    const { body } = await http.get('/throw').query({ error: name }).expect(statusCode);

    expect(body).toEqual({ statusCode, code, message });
  });

  it.each(names(SHOWN))('is not logged where a client or time can mend it: %s', async (name) => {
    const errors = logged();
    const { http } = await setup(platform);

    await http.get('/throw').query({ error: name });

    expect(errors).toEqual(name === '503' ? [MESSAGE] : []);
  });

  it.each(names(HIDDEN))('keeps its message from the client: %s', async (name) => {
    logged();
    const { http } = await setup(platform);
    const { code } = HIDDEN[name] ?? {};

    const { body } = await http.get('/throw').query({ error: name }).expect(500);

    expect(body).toEqual({ statusCode: 500, code, message: 'Internal Server Error' });
  });

  it.each(names(HIDDEN))('is logged where only a developer can mend it: %s', async (name) => {
    const errors = logged();
    const { http } = await setup(platform);

    await http.get('/throw').query({ error: name });

    expect(errors).toEqual([HIDDEN[name]?.message]);
  });

  it('is of no matter to errors of others', async () => {
    logged();
    const { http } = await setup(platform);

    const { body } = await http.get('/throw').query({ error: 'other' }).expect(500);

    expect(body).toEqual({ statusCode: 500, message: 'Internal server error' });
  });

  it('is answered as 401 where a guard requires a session', async () => {
    const { http } = await setup(platform);

    const { body } = await http.get('/required').expect(401);

    expect(body).toEqual({ statusCode: 401, code: 'SESSION_REQUIRED', message: MESSAGE });
  });

  it('is answered as 413 where a request made a component too large', async () => {
    const { http } = await setup(platform, { options: { maxComponentBytes: 100 } });

    const { body } = await http
      .post('/cart')
      .query({ sku: 'x'.repeat(200) })
      .expect(413);

    expect(body).toEqual({ statusCode: 413, code: 'SESSION_TOO_LARGE', message: MESSAGE });
  });

  it('is answered as 500, and logged, where a request made a state that cannot be stored', async () => {
    const errors = logged();
    const { http } = await setup(platform);

    const { body } = await http.post('/state').expect(500);

    expect(body).toMatchObject({ code: 'SESSION_STATE_INVALID', message: 'Internal Server Error' });
    expect(errors).toEqual([expect.stringContaining('cart.items[0]')]);
  });

  it('is answered as 500, and logged, where a handler gave nonsense to a setter', async () => {
    const errors = logged();
    const { http } = await setup(platform);

    await http.post('/timeout').expect(500);

    expect(errors).toEqual([expect.stringContaining('sessionTimeout')]);
  });
});

describe.each(PLATFORMS)('a component that nobody provides, on %s', (platform) => {
  @Controller()
  class ForgetfulController {
    @Get('class') byClass(@InjectSession(Cart) cart: Cart): object {
      return { items: cart.items };
    }

    @Get('name') byName(@InjectSession('tenant') tenant?: string): object {
      return { tenant: tenant ?? null };
    }
  }

  const forget = () => boot({ platform, controllers: [ForgetfulController] });

  it('is told by name, with the cure, where a handler injects its class', async () => {
    const errors = logged();
    const { http } = await forget();

    const { body } = await http.get('/class').expect(500);

    expect(body).toMatchObject({ code: 'SESSION_COMPONENT_INVALID' });
    expect(errors).toEqual([expect.stringMatching(/^Cart .*SessionModule\.forFeature/)]);
  });

  it('is undefined where a handler injects a name', async () => {
    const { http } = await forget();

    const { body } = await http.get('/name').expect(200);

    expect(body).toEqual({ tenant: null });
  });
});

describe.each(PLATFORMS)('SessionStoreUnavailableError on %s', (platform) => {
  /** An application with a session, whose store then goes away. */
  const away = async (operation: Operation, given: BootOptions = {}) => {
    const store = new WatchedStore();
    const { http } = await setup(platform, { ...given, options: { store } });
    const cookie = cookieFrom(await http.post('/cart').query({ sku: 'tea' }));
    store.before = (asked) => {
      if (asked === operation) throw new SessionStoreUnavailableError(new Error('refused'));
    };
    return { http, cookie };
  };

  it.each([
    ['a request brings a session', 'open', 'get', '/cart'],
    ['a request changed a session', 'commit', 'post', '/cart'],
    ['a handler asks the service', 'count', 'get', '/count'],
  ] as const)('is answered as 503 with Retry-After where %s', async (_, operation, verb, path) => {
    logged();
    const { http, cookie } = await away(operation);

    const response = await http[verb](path).query({ sku: 'rum' }).set('Cookie', cookie);

    expect(response.status).toBe(503);
    expect(response.body).toMatchObject({ code: 'SESSION_STORE_UNAVAILABLE', message: MESSAGE });
    expect(response.headers).toMatchObject({ 'retry-after': '1' });
  });

  it('keeps its Retry-After behind a filter of the application', async () => {
    const { http, cookie } = await away('open', {
      providers: [{ provide: APP_FILTER, useClass: CatchEverythingFilter }],
    });

    const response = await http.get('/cart').set('Cookie', cookie).expect(503);

    expect(response.body).toEqual({ statusCode: 503, path: '/cart' });
    expect(response.headers).toMatchObject({ 'retry-after': '1' });
  });
});

/** As in Nest's documentation. */
@Catch()
class CatchEverythingFilter implements ExceptionFilter {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const { httpAdapter } = this.adapterHost;
    const http = host.switchToHttp();
    const statusCode = exception instanceof HttpException ? exception.getStatus() : 500;
    const path = String(httpAdapter.getRequestUrl(http.getRequest()));
    httpAdapter.reply(http.getResponse(), { statusCode, path }, statusCode);
  }
}

@Catch(HttpException)
class HttpExceptionFilter extends CatchEverythingFilter {}

@Catch(SessionError)
class ProblemFilter implements ExceptionFilter<SessionError> {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch({ code, message }: SessionError, host: ArgumentsHost): void {
    const response: unknown = host.switchToHttp().getResponse();
    this.adapterHost.httpAdapter.reply(response, { title: code, message }, 422);
  }
}

describe.each(PLATFORMS)('a filter of the application on %s', (platform) => {
  const appFilter = (filter: Type) => ({ provide: APP_FILTER, useClass: filter });

  @Module({ providers: [appFilter(CatchEverythingFilter)] })
  class FilterModule {}

  @Controller('own')
  @UseFilters(CatchEverythingFilter)
  class OwnController extends FailingController {}

  it.each<[string, string, Pick<ModuleMetadata, 'imports' | 'providers'> | BootOptions]>([
    ['APP_FILTER of the root', '', { providers: [appFilter(CatchEverythingFilter)] }],
    ['APP_FILTER of the root', '', { providers: [appFilter(HttpExceptionFilter)] }],
    ['APP_FILTER of a module', '', { imports: [FilterModule] }],
    [
      'useGlobalFilters()',
      '',
      { main: (app) => app.useGlobalFilters(new CatchEverythingFilter(app.get(HttpAdapterHost))) },
    ],
    ['@UseFilters()', '/own', { controllers: [OwnController] }],
  ])('is asked first, as %s, and sees the right status', async (_, prefix, given) => {
    const { http } = await setup(platform, given as BootOptions);

    const { body } = await http.get(`${prefix}/throw?error=409`).expect(409);

    expect(body).toEqual({ statusCode: 409, path: `${prefix}/throw?error=409` });
  });

  it('may be made for the errors of this library alone', async () => {
    const { http } = await setup(platform, { providers: [appFilter(ProblemFilter)] });

    const { body } = await http.get('/throw').query({ error: 'option' }).expect(422);

    expect(body).toEqual({
      title: 'SESSION_OPTION_INVALID',
      message: 'sessionTimeout must be positive.',
    });
  });
});
