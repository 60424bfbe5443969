import { jest } from '@jest/globals';

jest.unstable_mockModule('redis', () => {
  throw new Error("Cannot find package 'redis'");
});

describe('A RedisSessionStore', () => {
  it('says what to install where the package redis is missing', async () => {
    const { makeClient } = await import('../../lib/redis/make-client.js');
    const { resolveRedisOptions } = await import('../../lib/redis/redis-options.js');

    const making = makeClient(resolveRedisOptions({ url: 'redis://127.0.0.1:6379' }));

    await expect(making).rejects.toMatchObject({
      code: 'SESSION_OPTION_INVALID',
      message: expect.stringContaining('npm install redis'),
    });
  });
});
