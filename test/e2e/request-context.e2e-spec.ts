import { AsyncLocalStorage } from 'node:async_hooks';
import { Controller, Get, type INestApplication, Post, type Type } from '@nestjs/common';
import { jest } from '@jest/globals';
import { InjectSession, Session } from 'nestjs-live-session';
import { boot, type Platform, PLATFORMS } from '../support/boot.js';
import { cookieFrom } from '../support/cookie.js';
import { Latch } from '../support/latch.js';
import { type Answers, PLATFORMS_AND_STORES, storeThatAnswers } from '../support/stores.js';
import { until } from '../support/until.js';

@Controller()
class ParameterController {
  static latch = new Latch();

  @Get('id') id(@InjectSession() { id }: Session) {
    return { id };
  }

  @Post('id') post(@InjectSession() { id }: Session) {
    return { id };
  }

  @Get('slow') async slow(@InjectSession() { id }: Session) {
    await ParameterController.latch.pass();
    return { id };
  }
}

@Controller()
class ConstructorController {
  constructor(private readonly session: Session) {}

  @Get('id') id() {
    return { id: this.session.id };
  }

  @Post('id') post() {
    return { id: this.session.id };
  }
}

/** A client that has a session, and how often a context is entered from now on. */
async function setup(controller: Type, [platform, answers]: [Platform, Answers]) {
  ParameterController.latch = new Latch();
  const store = storeThatAnswers(answers);
  const { app, http, sessions } = await boot({
    platform,
    options: { store },
    controllers: [controller],
  });
  // Parallel requests need a server that stays.
  await app.listen(0, '127.0.0.1');
  const response = await http.get('/id').expect(200);
  const cookie = cookieFrom(response);
  const entries = [
    jest.spyOn(AsyncLocalStorage.prototype, 'run'),
    jest.spyOn(AsyncLocalStorage.prototype, 'enterWith'),
  ];
  const entered = (): number => entries.flatMap(({ mock }) => mock.calls).length;
  return { http, sessions, store, cookie, id: response.body.id, entered };
}

afterEach(() => jest.restoreAllMocks());

describe.each(PLATFORMS_AND_STORES)('The context of a request on %s, stored %s,', (...on) => {
  it('is not entered where nobody injects by constructor', async () => {
    const { http, cookie, entered } = await setup(ParameterController, on);

    await http.get('/id').set({ cookie }).expect(200);
    await http.post('/id').set({ cookie }).send({ sku: 'tea' }).expect(201);

    expect(entered()).toBe(0);
  });

  it('is entered where another request is using the same session', async () => {
    const { http, cookie, entered } = await setup(ParameterController, on);
    const slow = http.get('/slow').set({ cookie }).then();
    await ParameterController.latch.reached;

    await http.get('/id').set({ cookie }).expect(200);

    expect(entered()).toBe(1);
    ParameterController.latch.open();
    await slow;
  });

  it('is entered where a job may be using the same session', async () => {
    const { http, sessions, cookie, id, entered } = await setup(ParameterController, on);
    const session = await sessions.findById(id);

    await http.get('/id').set({ cookie }).expect(200);

    expect([session?.id, entered()]).toEqual([id, 1]);
  });

  it('is not entered when the other request is done', async () => {
    const { http, cookie, entered } = await setup(ParameterController, on);
    const slow = http.get('/slow').set({ cookie }).then();
    await ParameterController.latch.reached;
    ParameterController.latch.open();
    await slow;

    await http.get('/id').set({ cookie }).expect(200);

    expect(entered()).toBe(0);
  });

  it('is entered once where somebody does', async () => {
    const { http, cookie, entered } = await setup(ConstructorController, on);

    await http.get('/id').set({ cookie }).expect(200);

    expect(entered()).toBe(1);
  });

  it('is there after a body was read', async () => {
    const { http, cookie } = await setup(ConstructorController, on);
    const { body } = await http.get('/id').set({ cookie }).expect(200);

    const response = await http.post('/id').set({ cookie }).send({ sku: 'tea' }).expect(201);

    expect(response.body).toEqual(body);
  });
});

describe.each(PLATFORMS)('The context of a request on %s', (platform) => {
  it('is entered by all but one of those whose session is on its way', async () => {
    const { http, store, cookie, entered } = await setup(ParameterController, [
      platform,
      'by promise',
    ]);
    const latch = new Latch();
    store.before = (operation) => (operation === 'open' ? latch.pass() : undefined);
    const answers = [1, 2, 3].map(() => http.get('/id').set({ cookie }).expect(200).then());
    await until(() => store.asked.filter((operation) => operation === 'open').length === 3);
    latch.open();

    await Promise.all(answers);

    expect(entered()).toBe(2);
  });
});

describe('A route on Fastify', () => {
  /** A hook of Fastify that sees the routes as they are registered. */
  interface Instance {
    addHook(
      name: 'onRoute',
      hook: (route: { method: unknown; preValidation?: unknown }) => void,
    ): void;
  }

  it('has a further stage only where a body is read', async () => {
    const routes: unknown[] = [];
    const main = (app: INestApplication): void => {
      const instance: Instance = app.getHttpAdapter().getInstance();
      instance.addHook('onRoute', ({ method, preValidation }) =>
        routes.push([method, preValidation !== undefined]),
      );
    };

    await boot({ platform: 'Fastify', controllers: [ParameterController], main });

    expect(routes).toContainEqual(['GET', false]);
    expect(routes).toContainEqual(['POST', true]);
  });
});
