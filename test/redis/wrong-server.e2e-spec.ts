import { randomBytes } from 'node:crypto';
import { setCookies } from '../support/boot.js';
import { logged } from '../support/logged.js';
import { openOwnShop, startOwn, stopAfterTest } from '../support/own-server.js';
import { isCaughtUp } from '../support/redis-server.js';
import { openShop } from '../support/redis-shop.js';
import { tcpProxy } from '../support/tcp-proxy.js';
import { secondsOf, until } from '../support/until.js';

describe('A server that has forgotten the scripts', () => {
  it('is given them again', async () => {
    const { server, ask } = await openOwnShop();
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
    const { server, ask } = await openOwnShop();
    const master = await startOwn();
    await server.send('REPLICAOF', '127.0.0.1', String(master.port));

    const response = await ask(method, path).expect(503);

    expect(response.headers).toHaveProperty('retry-after', '1');
    expect(setCookies(response)).toEqual([]);
  });

  it('serves again once it is a master', async () => {
    const { server, ask } = await openOwnShop();
    const master = await startOwn();
    await server.send('REPLICAOF', '127.0.0.1', String(master.port));
    await ask('post', '/cart').expect(503);
    await server.send('REPLICAOF', 'NO', 'ONE');

    await until(async () => (await ask('post', '/login')).status !== 503, { within: 2 });
  });

  it('is left for the new master where the address leads to that', async () => {
    const old = await startOwn('repl-diskless-sync-delay 0');
    const next = await startOwn(`replicaof 127.0.0.1 ${old.port}`);
    const proxy = await tcpProxy(old.port);
    stopAfterTest({ stop: () => proxy.close() });
    logged();
    const { ask } = await openShop(old, { url: proxy.url });
    await until(async () => String(await next.send('INFO')).includes('master_link_status:up'));
    await ask('post', '/cart').expect(201, { added: 2 });
    await until(() => isCaughtUp(old));
    await next.send('REPLICAOF', 'NO', 'ONE');
    proxy.leadTo(next.port);
    await old.send('REPLICAOF', '127.0.0.1', String(next.port));

    await until(async () => (await ask('post', '/cart')).status === 201, { within: 2 });

    await ask('get', '/cart').expect(200, { items: ['tea', 'tea', 'tea'] });
  });
});

describe('A connection that leads nowhere any more', () => {
  it('is a 503, and is replaced once there is a way', async () => {
    const server = await startOwn();
    const proxy = await tcpProxy(server.port);
    stopAfterTest({ stop: () => proxy.close() });
    logged();
    const { ask } = await openShop(server, { url: proxy.url });
    proxy.swallow(true);
    await ask('get', '/cart').expect(503);
    proxy.swallow(false);

    await until(async () => (await ask('get', '/cart')).status === 200, { within: 2 });
  });

  it('is waited for by one at a time, and not by everybody who asks', async () => {
    const server = await startOwn();
    const proxy = await tcpProxy(server.port);
    stopAfterTest({ stop: () => proxy.close() });
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
    const server = await startOwn('enable-debug-command yes');
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
