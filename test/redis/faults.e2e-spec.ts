import { randomBytes } from 'node:crypto';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { setCookies } from '../support/boot.js';
import { Cart } from '../support/cart.js';
import { logged } from '../support/logged.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { openShop, type Shop } from '../support/redis-shop.js';
import { tcpProxy } from '../support/tcp-proxy.js';
import { secondsOf, until } from '../support/until.js';

const OFTEN = { sweepInterval: 0.1, reconcileInterval: 0.3 };
const used: { stop(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(used.splice(0).map((server) => server.stop()));
});

async function start(...config: string[]): Promise<RedisServer> {
  const server = await startRedis(...config);
  used.push(server);
  return server;
}

async function setup(redis: Parameters<typeof openShop>[1] = {}) {
  const server = await start();
  const errors = logged();
  const shop = await openShop(server, redis);
  return { ...shop, server, errors, ...keysOf(shop) };
}

function keysOf({ application }: Shop) {
  const key = (name: string): string => `{${application.prefix}:s0}:${name}`;
  return { key };
}

/** The key of the one session's hash. */
async function sessionKey(server: RedisServer, { application }: Shop): Promise<string> {
  const [, keys] = (await server.send(
    ...['SCAN', '0', 'MATCH', `{${application.prefix}:s0}:s:*`, 'COUNT', '1000'],
  )) as [string, string[]];
  return keys[0] ?? '';
}

async function fill(server: RedisServer): Promise<void> {
  await server.send('SET', 'ballast', 'x'.repeat(1_000_000));
  await server.send('CONFIG', 'SET', 'maxmemory', '1000000');
}

describe('A server whose memory is full', () => {
  it('lets sessions be read and touched', async () => {
    const { server, ask } = await setup({ touchGranularity: 0 });
    await fill(server);

    await ask('get', '/cart').expect(200, { items: ['tea'] });
  });

  it('lets sessions be ended', async () => {
    const { server, ask, sessions } = await setup();
    await fill(server);

    await ask('post', '/logout').expect(201);

    expect(await sessions.count()).toBe(0);
  });

  it('lets all sessions of somebody be ended', async () => {
    const { server, session, sessions } = await setup();
    await session.login('ada');
    await fill(server);

    expect(await sessions.expireAll('ada')).toBe(1);
  });

  it('is a 503 where something is written, and changes nothing', async () => {
    const { server, ask, http } = await setup();
    await fill(server);

    const response = await ask('post', '/cart').expect(503);
    const another = await http.post('/cart').expect(503);

    expect(response.headers).toHaveProperty('retry-after', '1');
    expect([...setCookies(response), ...setCookies(another)]).toEqual([]);
    await ask('get', '/cart').expect(200, { items: ['tea'] });
  });

  it('still has what is due ended, and told', async () => {
    const { server, sessions, key } = await setup(OFTEN);
    const told: string[] = [];
    sessions.expire$.subscribe(({ reason }) => told.push(reason));
    const [time] = (await server.send('TIME')) as string[];
    await server.send('SET', key('clk'), String((Number(time) + 901) * 1000));
    await fill(server);

    await until(() => told.length > 0);

    expect([told, await sessions.count()]).toEqual([['idle'], 0]);
  });

  it('takes what is written again once there is room', async () => {
    const { server, ask } = await setup();
    await fill(server);
    await ask('post', '/cart').expect(503);
    await server.send('CONFIG', 'SET', 'maxmemory', '0');

    await ask('post', '/cart').expect(201, { added: 2 });
  });
});

describe('A server that has forgotten the scripts', () => {
  it('is given them again', async () => {
    const { server, ask } = await setup();
    await server.send('SCRIPT', 'FLUSH');

    await ask('post', '/cart').expect(201, { added: 2 });
  });
});

describe('A server that has become a replica', () => {
  it.each([
    ['get', '/cart'],
    ['post', '/cart'],
    ['post', '/logout'],
  ] as const)('serves nobody what may be old: %s %s', async (method, path) => {
    const { server, ask } = await setup();
    const master = await start();
    await server.send('REPLICAOF', '127.0.0.1', String(master.port));

    const response = await ask(method, path).expect(503);

    expect(response.headers).toHaveProperty('retry-after', '1');
    expect(setCookies(response)).toEqual([]);
  });

  it('serves again once it is a master', async () => {
    const { server, ask } = await setup();
    const master = await start();
    await server.send('REPLICAOF', '127.0.0.1', String(master.port));
    await ask('post', '/cart').expect(503);
    await server.send('REPLICAOF', 'NO', 'ONE');

    await until(async () => (await ask('post', '/login')).status !== 503, { within: 2 });
  });

  it('is left for the new master where the address leads to that', async () => {
    const old = await start('repl-diskless-sync-delay 0');
    const next = await start(`replicaof 127.0.0.1 ${old.port}`);
    const proxy = await tcpProxy(old.port);
    used.push({ stop: () => proxy.close() });
    logged();
    const { ask } = await openShop(old, { url: proxy.url });
    await until(async () => String(await next.send('INFO')).includes('master_link_status:up'));
    await ask('post', '/cart').expect(201, { added: 2 });
    await old.send('WAIT', '1', '2000');
    await next.send('REPLICAOF', 'NO', 'ONE');
    proxy.leadTo(next.port);
    await old.send('REPLICAOF', '127.0.0.1', String(next.port));

    await until(async () => (await ask('post', '/cart')).status === 201, { within: 2 });

    await ask('get', '/cart').expect(200, { items: ['tea', 'tea', 'tea'] });
  });
});

describe('A connection that leads nowhere any more', () => {
  it('is a 503, and is replaced once there is a way', async () => {
    const server = await start();
    const proxy = await tcpProxy(server.port);
    used.push({ stop: () => proxy.close() });
    logged();
    const { ask } = await openShop(server, { url: proxy.url });
    proxy.swallow(true);
    await ask('get', '/cart').expect(503);
    proxy.swallow(false);

    await until(async () => (await ask('get', '/cart')).status === 200, { within: 2 });
  });

  it('is waited for by one at a time, and not by everybody who asks', async () => {
    const server = await start();
    const proxy = await tcpProxy(server.port);
    used.push({ stop: () => proxy.close() });
    logged();
    const { ask, http } = await openShop(server, { url: proxy.url, operationTimeout: 1 });
    proxy.swallow(true);
    await ask('get', '/cart').expect(503);

    const waited = await Promise.all(
      Array.from({ length: 10 }, () =>
        secondsOf(async () => {
          const cookie = `sid=${randomBytes(32).toString('base64url')}`;
          await http.get('/peek').set({ cookie }).expect(503);
        }),
      ),
    );

    expect(waited.filter((seconds) => seconds > 0.5).length).toBeLessThanOrEqual(1);
  });
});

describe('A server that is loading its data', () => {
  it('is a 503 until it has', async () => {
    const server = await start('enable-debug-command yes');
    logged();
    const { ask } = await openShop(server);
    await server.send('CONFIG', 'SET', 'key-load-delay', '2000');
    await server.send('CONFIG', 'SET', 'loading-process-events-interval-bytes', '1024');
    for (let i = 0; i < 300; i++) await server.send('SET', `ballast${i}`, 'x'.repeat(2000));
    const loaded = server.send('DEBUG', 'RELOAD');

    const statuses = new Set<number>();
    await until(async () => {
      statuses.add((await ask('post', '/cart')).status);
      return statuses.has(503) && statuses.has(201);
    });
    await loaded;

    expect([...statuses].filter((status) => status !== 201 && status !== 503)).toEqual([]);
  });
});

describe('A server that has lost everything', () => {
  it('has sessions end as lost on the node that holds them, once', async () => {
    const { server, sessions, session } = await setup(OFTEN);
    const told: string[] = [];
    sessions.expire$.subscribe(({ id, reason }) => told.push(`${id} ${reason}`));
    await server.send('FLUSHALL');

    await until(() => told.length > 0);

    expect([told, session.isExpired]).toEqual([[`${session.id} lost`], true]);
  });

  it('keeps new sessions, and tells of their ends', async () => {
    const { server, sessions, ask } = await setup(OFTEN);
    await server.send('FLUSHALL');
    await ask('get', '/peek');
    const session = await sessions.makeSession();
    const told: string[] = [];
    sessions.expire$.subscribe(({ id, reason }) => told.push(`${id} ${reason}`));

    await session.logout();

    await until(() => told.includes(`${session.id} logout`));
  });

  it('that was older than what a node holds gets the better of it', async () => {
    const { server, application, sessions, session, ask } = await setup();
    const key = await sessionKey(server, { application } as Shop);
    const before = (await server.send('DUMP', key)) as string;
    expect(before).not.toBe('');
    const fields = (await server.send('HGETALL', key)) as Record<string, string>;
    session.getComponent(Cart).add('milk');
    await session.save();
    await server.send('DEL', key);
    await server.send('HSET', key, ...Object.entries(fields).flat());

    await sessions.getSession(session.uid);

    expect(session.getComponent(Cart).items).toEqual(['tea']);
    await ask('post', '/cart').expect(201, { added: 2 });
  });
});

describe('A record that was broken by hand', () => {
  it.each([
    ['has no id any more', (key: string) => [['HDEL', key, 'id']]],
    ['has no deadline any more', (key: string) => [['HDEL', key, 'deadline']]],
    ['has letters for numbers', (key: string) => [['HSET', key, 'idle', 'soon']]],
    [
      'is of another type',
      (key: string) => [
        ['DEL', key],
        ['SET', key, 'x'],
      ],
    ],
    ['was evicted', (key: string) => [['DEL', key]]],
  ])('is no session, and ends as lost: it %s', async (_, damage) => {
    const { server, application, sessions, session, ask } = await setup(OFTEN);
    const told: string[] = [];
    sessions.expire$.subscribe(({ id, reason }) => told.push(`${id} ${reason}`));
    const key = await sessionKey(server, { application } as Shop);
    for (const command of damage(key)) await server.send(...command);

    await ask('get', '/peek').expect(200, { isKnown: false });
    await until(() => told.length > 0);

    expect(told).toEqual([`${session.id} lost`]);
    expect(await sessions.count()).toBe(0);
  });
});

describe('Events that were deleted', () => {
  it('are followed again from the next one on', async () => {
    const { server, key, sessions, session } = await setup(OFTEN);
    await (await sessions.makeSession()).logout();
    const told: string[] = [];
    sessions.expire$.subscribe(({ id }) => told.push(id));
    await server.send('DEL', key('ev'));

    await session.logout();

    await until(() => told.includes(session.id));
    expect(told).toEqual([session.id]);
  });

  it('are told even by a server whose clock was set back', async () => {
    const { server, key, sessions, session } = await setup(OFTEN);
    const ahead = Date.now() + 3_600_000;
    await server.send('XADD', key('ev'), `${ahead}-0`, 'kind', 'rotated', 'id', 'x', 'key', 'y');
    await (await sessions.makeSession()).logout();
    await server.send('DEL', key('ev'));
    const told: string[] = [];
    sessions.expire$.subscribe(({ id }) => told.push(id));

    await session.logout();

    await until(() => told.includes(session.id));
  });
});

describe('A clock of the server that was set back', () => {
  it('ends no session earlier, and makes none older', async () => {
    const { server, key, session, ask } = await setup({ touchGranularity: 0, sweepInterval: 0.1 });
    const mark = Date.now() + 60_000;
    await server.send('SET', key('clk'), String(mark));
    await ask('get', '/cart').expect(200);
    const { lastModified } = session;

    await ask('get', '/cart').expect(200);

    expect(session.lastModified).toBe(lastModified);
    expect(session.expiresAt).toBeCloseTo(mark / 1000 + 900, 0);
  });
});

describe('A server that evicts', () => {
  it('is warned of at boot', async () => {
    const server = await start('maxmemory 50mb', 'maxmemory-policy allkeys-lru');
    const warnings: unknown[] = [];
    jest.spyOn(Logger.prototype, 'warn').mockImplementation((text) => void warnings.push(text));

    await openShop(server);

    expect(warnings).toEqual([expect.stringContaining('maxmemory-policy allkeys-lru')]);
  });
});
