import { AsyncLocalStorage } from 'node:async_hooks';
import { Controller, Get, type INestApplication, Post, type Type } from '@nestjs/common';
import { jest } from '@jest/globals';
import { InjectSession, Session } from 'nestjs-live-session';
import { boot, type Platform, PLATFORMS } from '../support/boot.js';
import { cookieFrom } from '../support/cookie.js';

@Controller()
class ParameterController {
  @Get('id') id(@InjectSession() { id }: Session) {
    return { id };
  }

  @Post('id') post(@InjectSession() { id }: Session) {
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
async function setup(platform: Platform, controller: Type) {
  const { http } = await boot({ platform, controllers: [controller] });
  const cookie = cookieFrom(await http.get('/id').expect(200));
  const entries = [
    jest.spyOn(AsyncLocalStorage.prototype, 'run'),
    jest.spyOn(AsyncLocalStorage.prototype, 'enterWith'),
  ];
  return { http, cookie, entered: () => entries.flatMap(({ mock }) => mock.calls).length };
}

afterEach(() => jest.restoreAllMocks());

describe.each(PLATFORMS)('The context of a request on %s', (platform) => {
  it('is not entered where nobody injects by constructor', async () => {
    const { http, cookie, entered } = await setup(platform, ParameterController);

    await http.get('/id').set({ cookie }).expect(200);
    await http.post('/id').set({ cookie }).send({ sku: 'tea' }).expect(201);

    expect(entered()).toBe(0);
  });

  it('is entered once where somebody does', async () => {
    const { http, cookie, entered } = await setup(platform, ConstructorController);

    await http.get('/id').set({ cookie }).expect(200);

    expect(entered()).toBe(1);
  });

  it('is there after a body was read', async () => {
    const { http, cookie } = await setup(platform, ConstructorController);
    const { body } = await http.get('/id').set({ cookie }).expect(200);

    const response = await http.post('/id').set({ cookie }).send({ sku: 'tea' }).expect(201);

    expect(response.body).toEqual(body);
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
