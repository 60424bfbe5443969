import { once } from 'node:events';
import { setCookies } from '../support/boot.js';
import { logged } from '../support/logged.js';
import { type RedisServer, redisForFile } from '../support/redis-server.js';
import { openShop } from '../support/redis-shop.js';
import { secondsOf, until } from '../support/until.js';

const redis = redisForFile('appendonly yes', 'appendfsync always');
const UNAVAILABLE = { code: 'SESSION_STORE_UNAVAILABLE' };

interface Outage {
  readonly name: string;
  readonly begin: (server: RedisServer) => Promise<unknown>;
  readonly end: (server: RedisServer) => Promise<unknown>;
}

const OUTAGES: readonly Outage[] = [
  {
    name: 'was stopped',
    begin: (server) => gone(server, 'SIGTERM'),
    end: (server) => server.restart(),
  },
  {
    name: 'was killed',
    begin: (server) => gone(server, 'SIGKILL'),
    end: (server) => server.restart(),
  },
  {
    name: 'is suspended',
    begin: async ({ process }) => process.kill('SIGSTOP'),
    end: async ({ process }) => process.kill('SIGCONT'),
  },
];

async function gone({ process }: RedisServer, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const exited = once(process, 'exit');
  process.kill(signal);
  await exited;
}

/** What brings the server back, where a test has not. */
let isAway: (() => Promise<unknown>) | undefined;

/** A shop whose server is away. */
async function setup({ begin, end }: Outage) {
  const errors = logged();
  const shop = await openShop(redis());
  await begin(redis());
  isAway = () => end(redis());
  const comeBack = async (): Promise<void> => {
    isAway = undefined;
    await end(redis());
  };
  return { ...shop, comeBack, errors };
}

afterEach(async () => {
  await isAway?.();
  isAway = undefined;
});

describe.each(OUTAGES)('A server that $name', (outage) => {
  it.each([
    ['get', 'cart'],
    ['get', 'peek'],
    ['post', 'cart'],
    ['put', 'login'],
    ['post', 'logout'],
  ] as const)('is a 503 with Retry-After and no cookie: %s /%s', async (method, path) => {
    const { ask } = await setup(outage);

    const response = await ask(method, `/${path}`).expect(503);

    expect(response.body).toMatchObject(UNAVAILABLE);
    expect(response.headers).toHaveProperty('retry-after', '1');
    expect(setCookies(response)).toEqual([]);
  });

  it('is a 503 within the operation time-out, for all that ask at the same time', async () => {
    const { ask } = await setup(outage);

    const statuses: number[] = [];
    const seconds = await secondsOf(() =>
      Promise.all(
        Array.from({ length: 20 }, async (_, index) => {
          const { status } = await ask(index % 2 === 0 ? 'get' : 'post', '/cart');
          statuses.push(status);
        }),
      ),
    );

    expect(statuses).toEqual(Array.from({ length: 20 }, () => 503));
    expect(seconds).toBeLessThan(1.5);
  });

  it('gives nobody a new session', async () => {
    const { http } = await setup(outage);

    const response = await http.post('/cart').expect(503);

    expect(setCookies(response)).toEqual([]);
  });

  it('is no matter for who asks for no session', async () => {
    const { ask } = await setup(outage);

    await ask('get', '/health').expect(200);
  });

  it('serves again within 2 seconds of its return, what was saved before', async () => {
    const { ask, comeBack } = await setup(outage);
    await ask('get', '/cart').expect(503);
    await comeBack();

    await until(async () => (await ask('get', '/cart')).status === 200, { within: 2 });

    expect((await ask('get', '/cart')).body).toEqual({ items: ['tea'] });
  });

  it('is reported once, and in the health', async () => {
    const { ask, errors, store } = await setup(outage);

    await ask('get', '/cart').expect(503);
    await ask('post', '/cart').expect(503);

    expect(store.health).toBe('down');
    expect(errors.filter((error) => String(error).includes('Redis does not answer'))).toHaveLength(
      1,
    );
  });

  it('has everybody told of what ended meanwhile', async () => {
    const { sessions, session, ask, comeBack } = await setup(outage);
    const told: string[] = [];
    sessions.expire$.subscribe(({ id, reason }) => told.push(`${id} ${reason}`));
    await ask('post', '/logout').expect(503);
    await comeBack();
    await until(async () => (await ask('post', '/logout')).status !== 503, { within: 2 });

    await until(() => told.length > 0);

    expect(told).toEqual([`${session.id} logout`]);
  });
});
