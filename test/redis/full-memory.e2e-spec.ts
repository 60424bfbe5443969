import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { setCookies } from '../support/boot.js';
import { OFTEN, openOwnShop, startOwn } from '../support/own-server.js';
import { type RedisServer } from '../support/redis-server.js';
import { openShop } from '../support/redis-shop.js';
import { until } from '../support/until.js';

async function fill(server: RedisServer): Promise<void> {
  await server.send('SET', 'ballast', 'x'.repeat(1_000_000));
  await server.send('CONFIG', 'SET', 'maxmemory', '1000000');
}

describe('A server whose memory is full', () => {
  it('lets sessions be read and touched', async () => {
    const { server, ask } = await openOwnShop({ touchGranularity: 0 });
    await fill(server);

    await ask('get', '/cart').expect(200, { items: ['tea'] });
  });

  it('lets sessions be ended', async () => {
    const { server, ask, sessions } = await openOwnShop();
    await fill(server);

    await ask('post', '/logout').expect(201);

    expect(await sessions.count()).toBe(0);
  });

  it('lets all sessions of somebody be ended', async () => {
    const { server, session, sessions } = await openOwnShop();
    await session.login('ada');
    await fill(server);

    expect(await sessions.expireAll('ada')).toBe(1);
  });

  it('is a 503 where something is written, and changes nothing', async () => {
    const { server, ask, http } = await openOwnShop();
    await fill(server);

    const response = await ask('post', '/cart').expect(503);
    const another = await http.post('/cart').expect(503);

    expect(response.headers).toHaveProperty('retry-after', '1');
    expect([...setCookies(response), ...setCookies(another)]).toEqual([]);
    await ask('get', '/cart').expect(200, { items: ['tea'] });
  });

  it('still has what is due ended, and told', async () => {
    const { server, sessions, key } = await openOwnShop(OFTEN);
    const told: string[] = [];
    sessions.expire$.subscribe(({ reason }) => told.push(reason));
    const [time] = (await server.send('TIME')) as string[];
    await server.send('SET', key('clk'), String((Number(time) + 901) * 1000));
    await fill(server);

    await until(() => told.length > 0);

    expect([told, await sessions.count()]).toEqual([['idle'], 0]);
  });

  it('takes what is written again once there is room', async () => {
    const { server, ask } = await openOwnShop();
    await fill(server);
    await ask('post', '/cart').expect(503);
    await server.send('CONFIG', 'SET', 'maxmemory', '0');

    await ask('post', '/cart').expect(201, { added: 2 });
  });
});

describe('A server that evicts', () => {
  it('is warned of at boot', async () => {
    const server = await startOwn('maxmemory 50mb', 'maxmemory-policy allkeys-lru');
    const warnings: unknown[] = [];
    jest.spyOn(Logger.prototype, 'warn').mockImplementation((text) => void warnings.push(text));

    await openShop(server);

    expect(warnings).toEqual([expect.stringContaining('maxmemory-policy allkeys-lru')]);
  });
});
