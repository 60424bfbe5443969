import { Controller, Get, Inject, Injectable, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import {
  InjectSession,
  MemorySessionStore,
  NodeReactor,
  Reactor,
  Session,
  SessionModule,
  type SessionModuleOptions,
  SessionOptionError,
  type SessionRootAsyncOptions,
  SessionService,
} from 'nestjs-live-session';
import { Clock } from 'nestjs-live-session/testing';
import supertest from 'supertest';
import { adapterOf, boot, closeAfterTest, PLATFORMS, setCookies } from '../support/boot.js';
import { cookieFrom } from '../support/cookie.js';
import { logged } from '../support/logged.js';

type Imported = ReturnType<typeof SessionModule.forRoot>;

@Controller()
class IdController {
  @Get() async id(@InjectSession() session: Session): Promise<unknown> {
    return { id: session.id };
  }
}

/** A container without HTTP whose root module imports what is given. */
async function setup(...imports: readonly (Imported | Type)[]) {
  const module = closeAfterTest(
    await Test.createTestingModule({ imports: [...imports] }).compile(),
  );
  await module.init();
  return module.get(SessionService, { strict: false });
}

/** What the boot of an application is refused with. */
async function refusal(...imports: readonly (Imported | Type)[]): Promise<unknown> {
  return setup(...imports).then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** The timeouts of the sessions that a module makes. */
async function timeouts(imported: Imported): Promise<readonly number[]> {
  const session = await (await setup(imported)).makeSession();
  return [session.sessionTimeout, session.absoluteTimeout];
}

const THIRTY_DAYS = 30 * 24 * 3600;

describe('SessionModule.forRoot', () => {
  it.each([
    ['a number', SessionModule.forRoot(60), [60, THIRTY_DAYS]],
    ['a number and options', SessionModule.forRoot(60, { absoluteTimeout: 90 }), [60, 90]],
    ['options', SessionModule.forRoot({ sessionTimeout: 60, absoluteTimeout: 90 }), [60, 90]],
    ['options without a timeout', SessionModule.forRoot({ absoluteTimeout: 1000 }), [900, 1000]],
    ['nothing', SessionModule.forRoot(), [900, THIRTY_DAYS]],
    ['undefined', SessionModule.forRoot(undefined, { absoluteTimeout: 1000 }), [900, 1000]],
    ['fractions of a second', SessionModule.forRoot(0.5, { absoluteTimeout: 1.5 }), [0.5, 1.5]],
  ])('takes %s', async (_, imported, expected) => {
    expect(await timeouts(imported)).toEqual(expected);
  });

  it.each([Number.NaN, 0, -1, Infinity, '900', null, true, [900], {}, { timeout: 5 }])(
    'does not throw for %p itself: nonsense is told at boot',
    (nonsense) => {
      expect(() => SessionModule.forRoot(nonsense as number)).not.toThrow();
    },
  );

  it.each([Number.NaN, 0, -1, Infinity, '900', null, true])(
    'refuses to boot with a timeout of %p',
    async (nonsense) => {
      const error = await refusal(SessionModule.forRoot(nonsense as number));

      expect(error).toBeInstanceOf(SessionOptionError);
      expect(error).toMatchObject({ code: 'SESSION_OPTION_INVALID', option: 'sessionTimeout' });
    },
  );

  it.each([
    ['absoluteTimeout', { absoluteTimeout: -1 }],
    ['sessionTimeout', { absoluteTimeout: 1 }],
    ['store', { store: 'memory' }],
    ['reactor', { reactor: {} }],
    ['cookie.name', { cookie: { name: 'a b' } }],
    ['cookie.sameSite', { cookie: { sameSite: 'none' } }],
    ['header', { header: 'Cookie' }],
    ['maxSessions', { maxSessions: 0 }],
    ['maxPerPrincipal.limit', { maxPerPrincipal: { limit: -1, policy: 'refuse' } }],
    ['maxBytes', { maxBytes: Number.NaN }],
    ['maxComponentBytes', { maxComponentBytes: 0 }],
    ['isGlobal', { isGlobal: 'no' }],
    ['secret', { secret: 'keyboard cat' }],
    ['0', [900]],
  ])('refuses to boot with a nonsense %s', async (option, options) => {
    const error = await refusal(SessionModule.forRoot(60, options as SessionModuleOptions));

    expect(error).toBeInstanceOf(SessionOptionError);
    expect(error).toMatchObject({ option });
  });

  it('rejects NestFactory.create() with the same error', async () => {
    @Module({ imports: [SessionModule.forRoot(0)] })
    class AppModule {}

    const created = NestFactory.create(AppModule, { abortOnError: false, logger: false });

    await expect(created).rejects.toMatchObject({ option: 'sessionTimeout' });
  });

  it('refuses to boot where it is imported twice', async () => {
    const error = await refusal(SessionModule.forRoot(900), SessionModule.forRoot(900));

    expect(error).toMatchObject({ code: 'SESSION_OPTION_INVALID', option: 'SessionModule' });
  });

  it('refuses to boot where a feature imports it once more', async () => {
    @Module({ imports: [SessionModule.forRoot({ isGlobal: false })] })
    class FeatureModule {}

    const error = await refusal(SessionModule.forRoot(900), FeatureModule);

    expect(error).toMatchObject({ option: 'SessionModule' });
  });

  it('may be imported in many places where it is one import', async () => {
    const imported = SessionModule.forRoot(60, { isGlobal: false });
    @Module({ imports: [imported] })
    class FeatureModule {}

    expect(await refusal(imported, FeatureModule)).toBeUndefined();
  });
});

describe('SessionModule.forRootAsync', () => {
  const TIMEOUT = Symbol('timeout');

  @Module({ providers: [{ provide: TIMEOUT, useValue: 60 }], exports: [TIMEOUT] })
  class ConfigModule {}

  @Injectable()
  class Settings {
    createSessionOptions(): SessionModuleOptions {
      return { sessionTimeout: 60, absoluteTimeout: 90 };
    }
  }

  @Injectable()
  class LateSettings {
    constructor(@Inject(TIMEOUT) private readonly sessionTimeout: number) {}

    async createSessionOptions(): Promise<SessionModuleOptions> {
      return { sessionTimeout: this.sessionTimeout, absoluteTimeout: 90 };
    }
  }

  @Module({ providers: [Settings], exports: [Settings] })
  class SettingsModule {}

  it.each<[string, SessionRootAsyncOptions]>([
    ['a factory', { useFactory: () => ({ sessionTimeout: 60, absoluteTimeout: 90 }) }],
    ['an async factory', { useFactory: async () => ({ sessionTimeout: 60, absoluteTimeout: 90 }) }],
    [
      'a factory that is given what it asks for',
      {
        imports: [ConfigModule],
        inject: [TIMEOUT, { token: 'absent', optional: true }],
        useFactory: (sessionTimeout: number) => ({ sessionTimeout, absoluteTimeout: 90 }),
      },
    ],
    ['a class', { useClass: Settings }],
    ['an async class with dependencies', { imports: [ConfigModule], useClass: LateSettings }],
    ['what another module exports', { imports: [SettingsModule], useExisting: Settings }],
  ])('takes the options of %s', async (_, options) => {
    expect(await timeouts(SessionModule.forRootAsync(options))).toEqual([60, 90]);
  });

  it('fills in the defaults', async () => {
    const imported = SessionModule.forRootAsync({ useFactory: () => ({}) });

    expect(await timeouts(imported)).toEqual([900, THIRTY_DAYS]);
  });

  it.each<[string, unknown]>([
    ['sessionTimeout', { sessionTimeout: '900' }],
    ['cookie.path', { cookie: { path: '' } }],
    ['isGlobal', { isGlobal: true }],
    ['timeout', { timeout: 900 }],
    ['options', undefined],
    ['options', 900],
  ])('refuses to boot where the factory returns a nonsense %s', async (option, returned) => {
    const useFactory = () => returned as SessionModuleOptions;

    const error = await refusal(SessionModule.forRootAsync({ useFactory }));

    expect(error).toBeInstanceOf(SessionOptionError);
    expect(error).toMatchObject({ option });
  });

  it('rejects the boot with what the factory throws', async () => {
    const failure = new Error('no configuration');
    const useFactory = () => Promise.reject(failure);

    expect(await refusal(SessionModule.forRootAsync({ useFactory }))).toBe(failure);
  });
});

describe('isGlobal', () => {
  @Injectable()
  class Greeter {
    constructor(
      readonly sessions: SessionService,
      readonly session: Session,
      readonly reactor: Reactor,
    ) {}
  }

  /** A module that does not import `SessionModule` itself. */
  @Module({ providers: [Greeter], exports: [Greeter] })
  class FeatureModule {}

  const useFactory = () => ({});

  it.each([
    ['forRoot()', SessionModule.forRoot()],
    ['forRoot(900)', SessionModule.forRoot(900)],
    ['forRoot(900, { isGlobal: true })', SessionModule.forRoot(900, { isGlobal: true })],
    ['forRoot({ isGlobal: undefined })', SessionModule.forRoot({ isGlobal: undefined })],
    ['forRootAsync({ … })', SessionModule.forRootAsync({ useFactory })],
    [
      'forRootAsync({ isGlobal: true })',
      SessionModule.forRootAsync({ useFactory, isGlobal: true }),
    ],
  ])('serves every module with %s', async (_, imported) => {
    expect(await refusal(imported, FeatureModule)).toBeUndefined();
  });

  it.each([
    ['forRoot(900, …)', SessionModule.forRoot(900, { isGlobal: false })],
    ['forRoot({ … })', SessionModule.forRoot({ isGlobal: false })],
    ['forRootAsync({ … })', SessionModule.forRootAsync({ useFactory, isGlobal: false })],
  ])('serves only who imports it with isGlobal: false in %s', async (_, imported) => {
    const error = await refusal(imported, FeatureModule);

    expect(error).toMatchObject({ message: expect.stringContaining('Greeter') });
  });

  it.each(PLATFORMS)('is of no matter to handlers on %s', async (platform) => {
    const { http } = await boot({
      platform,
      options: { isGlobal: false },
      controllers: [IdController],
    });

    const response = await http.get('/').expect(200);

    expect(setCookies(response)).toHaveLength(1);
  });
});

describe('Reactor', () => {
  const clock = () => Object.assign(new Clock(), { rightNow: 1000 });

  it('is a NodeReactor unless anybody says otherwise', async () => {
    const module = await Test.createTestingModule({ imports: [SessionModule.forRoot()] }).compile();

    expect(closeAfterTest(module).get(Reactor)).toBeInstanceOf(NodeReactor);
  });

  it('comes from the options', async () => {
    const reactor = clock();

    const sessions = await setup(SessionModule.forRoot({ reactor }));

    expect((await sessions.makeSession()).createdAt).toBe(1000);
  });

  it('comes from the options of a factory', async () => {
    const useFactory = () => ({ reactor: clock() });

    const sessions = await setup(SessionModule.forRootAsync({ useFactory }));

    expect((await sessions.makeSession()).createdAt).toBe(1000);
  });

  it('comes from overrideProvider() before it comes from the options', async () => {
    const builder = Test.createTestingModule({
      imports: [SessionModule.forRoot({ reactor: new Clock() })],
    });
    const module = closeAfterTest(
      await builder.overrideProvider(Reactor).useValue(clock()).compile(),
    );

    const session = await module.get(SessionService).makeSession();

    expect(session.createdAt).toBe(1000);
  });

  it('ends the sessions of its application', async () => {
    const reactor = new Clock();
    const sessions = await setup(SessionModule.forRoot(60, { reactor }));
    const session = await sessions.makeSession();

    reactor.advance(60);

    expect(session.isExpired).toBe(true);
  });
});

describe('two applications in one process', () => {
  @Module({ imports: [SessionModule.forRoot(900)], controllers: [IdController] })
  class AppModule {}

  const pair = async () => [await setup(AppModule), await setup(AppModule)] as const;

  it('find none of each other’s sessions', async () => {
    const [one, two] = await pair();

    const session = await one.makeSession();

    expect(await two.findSession(session.uid)).toBeUndefined();
    expect(await two.findById(session.id)).toBeUndefined();
    expect(await two.count()).toBe(0);
  });

  it('hear nothing of each other’s sessions', async () => {
    const [one, two] = await pair();
    const heard: unknown[] = [];
    two.create$.subscribe((session) => heard.push(session));
    two.expire$.subscribe((expiration) => heard.push(expiration));

    await (await one.makeSession()).expire();

    expect(heard).toEqual([]);
  });

  it('end none of each other’s sessions', async () => {
    const [one, two] = await pair();
    const session = await one.makeSession();
    await session.login('ada');

    const ended = await two.expireAll('ada');

    expect(ended).toBe(0);
    expect(session.isExpired).toBe(false);
  });

  it('have no common current session', async () => {
    const [one, two] = await pair();
    const session = await one.makeSession();

    const current = one.run(session, () => [one.current(), two.current()]);

    expect(current).toEqual([session, undefined]);
  });

  it('accept none of each other’s cookies', async () => {
    const one = await boot({ platform: 'Express', controllers: [IdController] });
    const two = await boot({ platform: 'Fastify', controllers: [IdController] });
    const first = await one.http.get('/');

    const second = await two.http.get('/').set('Cookie', cookieFrom(first));

    expect(second.body.id).not.toBe(first.body.id);
    expect(setCookies(second)).toHaveLength(1);
  });

  it('may not share a store', async () => {
    const imported = SessionModule.forRoot({ store: new MemorySessionStore() });
    await setup(imported);

    const error = await refusal(imported);

    expect(error).toMatchObject({ code: 'SESSION_OPTION_INVALID', option: 'store' });
  });
});

describe('a standalone application', () => {
  @Injectable()
  class Job {
    constructor(private readonly session: Session) {}

    get principal(): string | undefined {
      return this.session.principal;
    }
  }

  @Module({ imports: [SessionModule.forRoot(900)], providers: [Job] })
  class WorkerModule {}

  const start = async () =>
    closeAfterTest(await NestFactory.createApplicationContext(WorkerModule, { logger: false }));

  it('makes, finds and ends sessions without an HTTP framework', async () => {
    const sessions = (await start()).get(SessionService);
    const session = await sessions.makeSession();
    expect(await sessions.getSession(session.uid)).toBe(session);

    await session.expire();

    expect(await sessions.count()).toBe(0);
  });

  it('runs jobs with a session as the current one', async () => {
    const app = await start();
    const sessions = app.get(SessionService);
    const session = await sessions.makeSession();
    await session.login('ada');

    expect(sessions.run(session, () => app.get(Job).principal)).toBe('ada');
  });

  it('refuses two imports as well', async () => {
    @Module({ imports: [WorkerModule, SessionModule.forRoot()] })
    class TwiceModule {}
    const options = { logger: false, abortOnError: false } as const;

    const created = NestFactory.createApplicationContext(TwiceModule, options);

    await expect(created).rejects.toMatchObject({ option: 'SessionModule' });
  });
});

describe('mounting', () => {
  class KoaAdapter extends ExpressAdapter {
    override getType(): string {
      return 'koa';
    }
  }

  @Module({ imports: [SessionModule.forRoot(900)], controllers: [IdController] })
  class AppModule {}

  it.each(PLATFORMS)('takes nothing but the import on %s', async (platform) => {
    const options = { logger: false } as const;
    const app = closeAfterTest(
      await NestFactory.create(AppModule, adapterOf({ platform }), options),
    );
    await app.listen(0);

    const response = await supertest(await app.getUrl())
      .get('/')
      .expect(200);

    expect(setCookies(response)).toEqual([expect.stringMatching(/^sid=[\w-]{43};/)]);
  });

  it('refuses another framework', async () => {
    const options = { logger: false, abortOnError: false } as const;

    const created = NestFactory.create(AppModule, new KoaAdapter(), options);

    await expect(created).rejects.toMatchObject({ option: 'SessionModule' });
  });

  it('refuses another framework in a testing module at init()', async () => {
    const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
    const app = closeAfterTest(module.createNestApplication(new KoaAdapter(), { logger: false }));

    await expect(app.init()).rejects.toMatchObject({ option: 'SessionModule' });
  });

  it('refuses a framework instance that serves another application', async () => {
    const options = { logger: false, abortOnError: false } as const;
    const adapter = new ExpressAdapter();
    closeAfterTest(await NestFactory.create(AppModule, adapter, options));

    const created = NestFactory.create(AppModule, adapter, options);

    await expect(created).rejects.toMatchObject({ option: 'SessionModule' });
  });
});

describe.each(PLATFORMS)('an application without SessionModule on %s', (platform) => {
  @Controller()
  class LonelyController {
    constructor(@InjectSession() readonly session: Session) {}
  }

  const start = async (controller: Type) => {
    const module = await Test.createTestingModule({ controllers: [controller] }).compile();
    const app = closeAfterTest(
      module.createNestApplication(adapterOf({ platform }), { logger: false }),
    );
    await app.listen(0);
    return supertest(await app.getUrl());
  };

  it('answers 500 where a handler injects the session', async () => {
    logged();
    const http = await start(IdController);

    const { body } = await http.get('/').expect(500);

    expect(body).toMatchObject({ statusCode: 500, code: 'SESSION_OPTION_INVALID' });
  });

  it('logs that SessionModule is to be imported', async () => {
    const errors = logged();
    const http = await start(IdController);

    await http.get('/');

    expect(errors).toEqual([expect.stringContaining('SessionModule.forRoot()')]);
  });

  it('does not boot where a constructor injects the session', async () => {
    await expect(start(LonelyController)).rejects.toThrow(/LonelyController.*Session/s);
  });
});
