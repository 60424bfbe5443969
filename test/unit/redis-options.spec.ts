import { SessionOptionError } from 'nestjs-live-session';
import { RedisSessionStore } from 'nestjs-live-session/redis';

const URL = 'redis://127.0.0.1:6379';

/** What options are refused with. They come from JavaScript, so the compiler has not seen them. */
function refusal(options: unknown): unknown {
  try {
    return void new RedisSessionStore(options as { url: string });
  } catch (error) {
    return error;
  }
}

/** What has the look of a client of another package. */
const FOREIGN = { sendCommand: () => {}, connect: () => {}, disconnect: () => {}, on: () => {} };

describe('The options of a RedisSessionStore', () => {
  it.each([undefined, null, {}])('must say where the server is: %p', (options) => {
    expect(refusal(options)).toBeInstanceOf(SessionOptionError);
  });

  it.each([
    ['url', { url: '' }],
    ['url', { url: '127.0.0.1:6379' }],
    ['url', { url: 'http://127.0.0.1' }],
    ['url', { url: 6379 }],
    ['url', { url: URL, cluster: [URL] }],
    ['cluster', { cluster: [] }],
    ['cluster', { cluster: URL }],
    ['cluster', { cluster: ['127.0.0.1:7000'] }],
    ['sentinel', { sentinel: { name: 'm', nodes: [] } }],
    ['sentinel', { sentinel: { name: '', nodes: [URL] } }],
    ['sentinel', { sentinel: 'mymaster' }],
    ['sentinel', { sentinel: null }],
    ['client', { client: {} }],
    ['client', { client: null }],
    ['client', { client: URL }],
    ['client', { client: FOREIGN }],
    ['prefix', { url: URL, prefix: '' }],
    ['prefix', { url: URL, prefix: 'a{b}' }],
    ['prefix', { url: URL, prefix: 'a b' }],
    ['prefix', { url: URL, prefix: 'a\r\nFLUSHALL' }],
    ['prefix', { url: URL, prefix: 'x'.repeat(65) }],
    ['shards', { url: URL, shards: 0 }],
    ['shards', { url: URL, shards: 3 }],
    ['shards', { url: URL, shards: 8192 }],
    ['shards', { url: URL, shards: '4' }],
    ['operationTimeout', { url: URL, operationTimeout: 0 }],
    ['operationTimeout', { url: URL, operationTimeout: Number.NaN }],
    ['operationTimeout', { url: URL, operationTimeout: Infinity }],
    ['operationTimeout', { url: URL, operationTimeout: '1' }],
    ['sweepInterval', { url: URL, sweepInterval: -1 }],
    ['sweepInterval', { url: URL, sweepInterval: 0 }],
    ['reconcileInterval', { url: URL, reconcileInterval: 0 }],
    ['touchGranularity', { url: URL, touchGranularity: -1 }],
    ['rotationGrace', { url: URL, rotationGrace: Infinity }],
    ['handlerTimeout', { url: URL, handlerTimeout: 0 }],
    ['handlerAttempts', { url: URL, handlerAttempts: 0.5 }],
    ['failFast', { url: URL, failFast: 'no' }],
    ['ttl', { url: URL, ttl: 900 }],
  ])('are refused by the name of what makes no sense: %s of %p', (name, options) => {
    expect(refusal(options)).toMatchObject({
      code: 'SESSION_OPTION_INVALID',
      message: expect.stringContaining(name),
    });
  });

  it.each([
    { url: 'rediss://user:secret@redis.example:6380/1' },
    { url: URL, shards: 4096, prefix: 'shop:v1.sessions_a-b', touchGranularity: 0 },
    { cluster: [URL] },
    { sentinel: { name: 'mymaster', nodes: [URL] } },
  ])('are taken where they make sense: %p', (options) => {
    expect(refusal(options)).toBeUndefined();
  });

  it('are not named with the password that is in them', () => {
    const problem = refusal({ url: 'http://user:hunter2@redis.example' });

    expect(String(problem)).not.toContain('hunter2');
  });
});
