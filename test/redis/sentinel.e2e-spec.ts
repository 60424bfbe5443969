import { jest } from '@jest/globals';
import { logged } from '../support/logged.js';
import { isCaughtUp } from '../support/redis-server.js';
import { openShop } from '../support/redis-shop.js';
import { startWatched, type Watched } from '../support/redis-sentinel.js';
import { until } from '../support/until.js';

// A sentinel takes its time.
jest.setTimeout(40_000);

let watched: Watched;
beforeEach(async () => {
  watched = await startWatched();
});
afterEach(() => watched.stop());

async function setup() {
  logged();
  const { sentinel, master } = watched;
  return openShop(master, { url: undefined, sentinel });
}

/** A server that gets another role cuts its clients off, this one too. */
async function isPromoted(): Promise<boolean> {
  const role: unknown = await watched.replica.send('ROLE').catch(() => []);
  return Array.isArray(role) && role[0] === 'master';
}

describe('Sessions on a master that a sentinel watches', () => {
  it('are kept and ended', async () => {
    const { ask, sessions } = await setup();

    await ask('post', '/cart').expect(201, { added: 2 });
    await ask('post', '/logout').expect(201);

    expect(await sessions.count()).toBe(0);
  });

  it.each(['SIGKILL', 'SIGSTOP'] as const)(
    'are kept by the replica that takes its place after %s',
    async (signal) => {
      const { ask } = await setup();
      await ask('post', '/cart').expect(201, { added: 2 });
      await until(() => isCaughtUp(watched.master));

      watched.master.process.kill(signal);
      await ask('get', '/cart').expect(503);
      await until(isPromoted, { within: 20 });

      await until(async () => (await ask('post', '/cart')).status === 201, { within: 4 });
      await ask('get', '/cart').expect(200, { items: ['tea', 'tea', 'tea'] });
    },
  );
});
