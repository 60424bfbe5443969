import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { RedisSessionStore, type RedisStoreOptions } from 'nestjs-live-session/redis';
import { Reactor, SessionStoreUnavailableError, NodeReactor } from 'nestjs-live-session';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createClient } from 'redis';
import { bootService } from '../support/boot-service.js';
import { logged } from '../support/logged.js';
import { startOwn, stopAfterTest } from '../support/own-server.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { openEmptyShop } from '../support/redis-shop.js';
import { until } from '../support/until.js';

/** What an application says that cannot start with this store. */
async function problemOf(options: RedisStoreOptions): Promise<unknown> {
  logged();
  return bootService({
    options: { store: new RedisSessionStore(options) },
    override: (builder) => builder.overrideProvider(Reactor).useValue(new NodeReactor()),
  }).then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** A server that says what a test wants it to say: to HELLO an empty map, to INFO a text. */
async function pretend(info: string): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (data) => {
      for (const command of data.toString().split(/(?=\*\d+\r\n)/)) {
        const name = command.split('\r\n')[2]?.toUpperCase();
        if (name === 'HELLO') socket.write('%1\r\n$6\r\nserver\r\n$5\r\nredis\r\n');
        else if (name === 'INFO') socket.write(`$${info.length}\r\n${info}\r\n`);
        else socket.write('+OK\r\n');
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stopAfterTest({
    async stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  });
  return `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A port that nobody listens on. */
async function nowhere(): Promise<string> {
  const server = await startRedis();
  await server.stop();
  return server.url;
}

const INVALID = 'SESSION_OPTION_INVALID';

describe('An application does not start with a Redis store', () => {
  it('where nothing listens', async () => {
    const problem = await problemOf({ url: await nowhere() });

    expect(problem).toMatchObject({
      code: INVALID,
      message: expect.stringMatching(/does not answer.*failFast: false.*ECONNREFUSED/),
    });
  });

  it('where the server does not say a word', async () => {
    const server = await startOwn();
    server.process.kill('SIGSTOP');

    const problem = await problemOf({ url: server.url });

    expect(problem).toMatchObject({
      code: INVALID,
      message: expect.stringContaining('does not answer'),
    });
  });

  it('where the name of the server is unknown', async () => {
    const problem = await problemOf({ url: 'redis://nobody.invalid:6379' });

    expect(problem).toMatchObject({ code: INVALID, message: expect.stringContaining('address') });
  });

  it.each([
    ['the password is wrong', 'redis://:wrong@'],
    ['the password is missing', 'redis://'],
  ])('where %s', async (_, before) => {
    const { port } = await startSecured();

    const problem = await problemOf({ url: `${before}127.0.0.1:${port}` });

    expect(problem).toMatchObject({
      code: INVALID,
      message: expect.stringMatching(/check user, password.*(WRONGPASS|NOAUTH)/),
    });
  });

  it('where the user may not run scripts', async () => {
    const server = await startOwn();
    await server.send('ACL', 'SETUSER', 'app', 'on', '>secret', '~*', '+@all', '-evalsha', '-eval');

    const problem = await problemOf({ url: `redis://app:secret@127.0.0.1:${server.port}` });

    expect(problem).toMatchObject({
      code: INVALID,
      message: expect.stringMatching(/what the user may do.*NOPERM.*eval/),
    });
  });

  it('where the user may not use the keys', async () => {
    const server = await startOwn();
    await server.send('ACL', 'SETUSER', 'app', 'on', '>secret', '~other*', '+@all');

    const problem = await problemOf({ url: `redis://app:secret@127.0.0.1:${server.port}` });

    expect(problem).toMatchObject({ code: INVALID, message: expect.stringContaining('NOPERM') });
  });

  it.each([
    ['redis_version:6.0.16', 'this is redis 6.0.16'],
    ['redis_version:5.0.3', 'this is redis 5.0.3'],
    ['redis_version:7.2.4\r\nvalkey_version:7.1.0', 'this is valkey 7.1.0'],
  ])('where the server is too old: %s', async (info, message) => {
    const problem = await problemOf({ url: await pretend(info) });

    expect(problem).toMatchObject({ code: INVALID, message: expect.stringContaining(message) });
  });

  it('where a single address is that of a cluster', async () => {
    const server = await startOwn('cluster-enabled yes');

    const problem = await problemOf({ url: server.url });

    expect(problem).toMatchObject({ code: INVALID, message: expect.stringContaining('cluster:') });
  });

  it('where the server is a replica', async () => {
    const master = await startOwn();
    const server = await startOwn(`replicaof 127.0.0.1 ${master.port}`);

    const problem = await problemOf({ url: server.url });

    expect(problem).toMatchObject({ code: INVALID, message: expect.stringContaining('replica') });
  });

  it('where the sessions are in another number of shards', async () => {
    const { url } = await startOwn();
    await bootService({ options: { store: new RedisSessionStore({ url, shards: 4 }) } });

    const problem = await problemOf({ url, shards: 8 });

    expect(problem).toMatchObject({
      code: INVALID,
      message: expect.stringMatching(/shards.*is 8.*are in 4/),
    });
  });

  it('where the sessions are in another form', async () => {
    const server = await startOwn();
    await server.send('HSET', 'sess:meta', 'form', '9');

    const problem = await problemOf({ url: server.url });

    expect(problem).toMatchObject({ code: INVALID, message: expect.stringContaining('form 9') });
  });

  it('that is another application’s already', async () => {
    const { url } = await startOwn();
    const store = new RedisSessionStore({ url });
    await bootService({ options: { store } });

    await expect(bootService({ options: { store } })).rejects.toMatchObject({ code: INVALID });
  });
});

async function startSecured(): Promise<RedisServer> {
  const server = await startOwn();
  await server.send('CONFIG', 'SET', 'requirepass', 'secret');
  return server;
}

describe('An application starts with a Redis store', () => {
  it('by user and password', async () => {
    const server = await startOwn();
    await server.send('ACL', 'SETUSER', 'app', 'on', '>s:cr/t', '~sess:*', '~{sess:*', '+@all');

    const url = `redis://app:${encodeURIComponent('s:cr/t')}@127.0.0.1:${server.port}`;

    expect(await problemOf({ url })).toBeUndefined();
  });

  it('without being able to ask for INFO, and says so', async () => {
    const server = await startOwn();
    await server.send('ACL', 'SETUSER', 'app', 'on', '>secret', '~*', '+@all', '-info');
    const warnings: unknown[] = [];
    jest.spyOn(Logger.prototype, 'warn').mockImplementation((text) => void warnings.push(text));

    const problem = await problemOf({ url: `redis://app:secret@127.0.0.1:${server.port}` });

    expect(problem).toBeUndefined();
    expect(warnings).toEqual([expect.stringContaining('INFO')]);
  });

  it.each([true, false])('on a client of its own, connected: %s', async (isConnected) => {
    const server = await startOwn();
    const client = createClient({ url: server.url, disableOfflineQueue: true });
    if (isConnected) await client.connect();

    const { module, sessions } = await bootService({
      options: { store: new RedisSessionStore({ client }) },
    });
    const session = await sessions.makeSession();
    await module.close();

    expect([session.isExpired, client.isOpen]).toEqual([false, true]);
    client.destroy();
  });
});

describe('An application that need not wait for Redis', () => {
  const PATIENT = { failFast: false };

  async function startLate(
    ...before: string[]
  ): Promise<{ server: RedisServer; begin: () => Promise<void> }> {
    const server = await startOwn('appendonly yes', 'appendfsync always');
    if (before.length > 0) await server.send(...before);
    const exited = once(server.process, 'exit');
    server.process.kill('SIGKILL');
    await exited;
    return { server, begin: () => server.restart() };
  }

  it('starts without it, and answers 503 where a session is needed', async () => {
    const { server } = await startLate();
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});

    const { booted } = await openEmptyShop(server, PATIENT);
    const response = await booted.http.post('/cart').expect(503);

    expect(response.headers).toMatchObject({ 'retry-after': '1' });
    await booted.http.get('/health').expect(200);
  });

  it('serves sessions within 2 seconds after it is there', async () => {
    const { server, begin } = await startLate();
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    const { booted } = await openEmptyShop(server, PATIENT);
    await begin();

    await until(async () => (await booted.http.post('/cart')).status === 201, { within: 2 });

    expect(await booted.sessions.count()).toBe(1);
  });

  it('serves sessions after a server came to itself that had not said a word', async () => {
    const server = await startOwn();
    server.process.kill('SIGSTOP');
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    const { booted } = await openEmptyShop(server, PATIENT);
    server.process.kill('SIGCONT');

    await until(async () => (await booted.http.post('/cart')).status === 201, { within: 2.5 });

    expect(await booted.sessions.count()).toBe(1);
  });

  it('reports once what is wrong with a server that came, and recovers where that is put right', async () => {
    const { server, begin } = await startLate('HSET', 'late:meta', 'shards', '4');
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    const errors = logged();
    const { booted } = await openEmptyShop(server, { ...PATIENT, shards: 1, prefix: 'late' });
    await begin();
    await until(() => errors.length > 0);
    await booted.http.post('/cart').expect(503);

    await server.send('DEL', 'late:meta');

    await until(async () => (await booted.http.post('/cart')).status === 201, { within: 2 });
    expect(errors.filter((error) => /cannot keep.*shards/.test(String(error)))).toHaveLength(1);
  });

  it('still does not start where the server says that something is wrong', async () => {
    const { port } = await startSecured();

    const problem = await problemOf({ url: `redis://127.0.0.1:${port}`, failFast: false });

    expect(problem).toMatchObject({ code: INVALID });
  });

  it('closes at once while it is not there', async () => {
    const { server } = await startLate();
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    const { booted } = await openEmptyShop(server, PATIENT);

    await booted.app.close();

    await expect(booted.sessions.makeSession()).rejects.toBeInstanceOf(
      SessionStoreUnavailableError,
    );
  });
});
