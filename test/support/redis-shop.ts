import { Controller, Get, Post, Put } from '@nestjs/common';
import { InjectSession, NodeReactor, Reactor, Session } from 'nestjs-live-session';
import { RedisSessionStore, type RedisStoreOptions } from 'nestjs-live-session/redis';
import type supertest from 'supertest';
import { boot, type Booted, type BootOptions } from './boot.js';
import { Cart } from './cart.js';
import { cookieOf } from './cookie.js';
import { RedisApplication } from './redis-nodes.js';
import { type RedisServer } from './redis-server.js';

@Controller()
class ShopController {
  @Get('health') health() {
    return { fine: true };
  }

  @Get('cart') read(@InjectSession(Cart) cart: Cart) {
    return { items: cart.items };
  }

  @Get('peek') peek(@InjectSession({ create: false }) session?: Session) {
    return { isKnown: session !== undefined };
  }

  @Post('cart') add(@InjectSession(Cart) cart: Cart) {
    return { added: cart.add('tea') };
  }

  @Put('login') async login(@InjectSession() session: Session) {
    await session.login('ada');
  }

  @Post('logout') async logout(@InjectSession() session: Session) {
    await session.logout();
  }
}

export interface Shop extends Booted {
  readonly application: RedisApplication;
  readonly store: RedisSessionStore;
  readonly session: Session;
  readonly cookie: string;
  /** Asks with the cookie of the one customer. */
  ask(method: 'get' | 'post' | 'put', path: string): supertest.Test;
}

/** A shop over HTTP with one customer, in real time; its sessions are on a server. */
export async function openShop(
  server: RedisServer,
  redis: Partial<RedisStoreOptions> = {},
  given: BootOptions = {},
): Promise<Shop> {
  const { store, application, booted } = await openEmptyShop(server, redis, given);
  const session = await booted.sessions.makeSession();
  session.getComponent(Cart).add('tea');
  await session.save();
  const cookie = cookieOf(session);
  const ask: Shop['ask'] = (method, path) => booted.http[method](path).set({ cookie });
  return { ...booted, store, application, session, cookie, ask };
}

/** The same without a customer, as where the server is not there yet. */
export async function openEmptyShop(
  server: RedisServer,
  redis: Partial<RedisStoreOptions> = {},
  given: BootOptions = {},
): Promise<{ store: RedisSessionStore; application: RedisApplication; booted: Booted }> {
  const application = new RedisApplication(server);
  const { prefix } = application;
  const store = new RedisSessionStore({ url: server.url, prefix, ...redis });
  const booted = await boot({
    components: [Cart],
    controllers: [ShopController],
    override: (builder) => builder.overrideProvider(Reactor).useValue(new NodeReactor()),
    ...given,
    options: { ...given.options, store },
    main: (app) => app.listen(0, '127.0.0.1'),
  });
  return { store, application, booted };
}
