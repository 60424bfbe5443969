import { Reactor, SessionComponent, State } from 'nestjs-live-session';
import { Clock } from 'nestjs-live-session/testing';
import { type BootOptions } from '../support/boot.js';
import { Cart } from '../support/cart.js';
import { CommandLog } from '../support/command-log.js';
import { redisForFile } from '../support/redis-server.js';
import { openShop } from '../support/redis-shop.js';
import { tcpProxy } from '../support/tcp-proxy.js';
import { RedisApplication } from '../support/redis-nodes.js';

@SessionComponent()
class Note {
  @State() text = '';
}

const redis = redisForFile();
/** Nothing happens but what is asked for. */
const STILL: BootOptions = {
  override: (builder) => builder.overrideProvider(Reactor).useValue(new Clock()),
};

async function setup() {
  const shop = await openShop(redis(), { touchGranularity: 0 }, STILL);
  // The server has seen the scripts.
  await shop.ask('get', '/cart');
  const log = await CommandLog.of(redis());
  return { ...shop, log };
}

describe('The commands that a request costs', () => {
  it('are none where it never asks for a session', async () => {
    const { log, ask } = await setup();

    expect(await log.during(() => ask('get', '/health').expect(200))).toEqual([]);
  });

  it('are none where it has no cookie, and uses none', async () => {
    const { log, http } = await setup();

    expect(await log.during(() => http.get('/cart').expect(200))).toEqual([]);
  });

  it('are none where its cookie is malformed', async () => {
    const { log, http } = await setup();

    const asked = log.during(() => http.get('/cart').set({ cookie: 'sid=x' }).expect(200));

    expect(await asked).toEqual([]);
  });

  it('are one where it only reads, and touches', async () => {
    const { log, ask } = await setup();

    expect(await log.during(() => ask('get', '/cart').expect(200))).toEqual(['EVALSHA']);
  });

  it('are two where it writes', async () => {
    const { log, ask } = await setup();

    const asked = await log.during(() => ask('post', '/cart').expect(201));

    expect(asked).toEqual(['EVALSHA', 'EVALSHA']);
  });

  it('are two where it logs in', async () => {
    const { log, ask } = await setup();

    const asked = await log.during(() => ask('put', '/login').expect(200));

    expect(asked).toEqual(['EVALSHA', 'EVALSHA']);
  });

  it('are two where it makes a session and writes to it', async () => {
    const { log, http } = await setup();

    const asked = await log.during(() => http.post('/cart').expect(201));

    expect(asked).toEqual(['EVALSHA', 'EVALSHA']);
  });

  it('are two for all who ask for one session at the same time', async () => {
    const { log, sessions, session } = await setup();

    const asked = await log.during(() =>
      Promise.all(Array.from({ length: 10 }, () => sessions.getSession(session.uid))),
    );

    // The first, and one for those who came while it was under way.
    expect(asked).toEqual(['EVALSHA', 'EVALSHA']);
  });
});

describe('The answers to a node that holds a session', () => {
  it('carry what was changed since, and nothing else', async () => {
    const proxy = await tcpProxy(redis().port);
    const application = new RedisApplication(redis());
    const components = [Cart, Note];
    const here = await application.node({ components });
    const there = await application.node({ components, redis: { url: proxy.url } });
    const session = await here.sessions.makeSession();
    session.getComponent(Cart).add('x'.repeat(10_000));
    await session.save();
    const held = await there.sessions.getSession(session.uid);
    const before = proxy.answered;

    session.getComponent(Note).text = 'tea';
    await session.save();
    await there.sessions.getSession(session.uid);
    await there.module.close();
    await proxy.close();

    expect(held.getComponent(Note).text).toBe('tea');
    expect(proxy.answered - before).toBeLessThan(500);
  });
});
