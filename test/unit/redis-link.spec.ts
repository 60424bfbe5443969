import { Clock } from 'nestjs-live-session/testing';
import { RedisHealth } from '../../lib/redis/redis-health.js';
import { RedisLink } from '../../lib/redis/redis-link.js';
import { OperationTimeouts } from '../../lib/store/operation-timeouts.js';
import { logged } from '../support/logged.js';

/** A link to a server that gives an answer, or an error, and was well until then. */
function linkTo(answer: string | readonly unknown[]) {
  logged();
  const health = new RedisHealth();
  health.succeeded();
  const timeouts = new OperationTimeouts(new Clock(), 0.5);
  const send = async () => {
    if (typeof answer === 'string') throw new Error(answer);
    return answer;
  };
  const connection = { send, renew: () => {} };
  const link = new RedisLink(connection, timeouts, health);
  return { link, health };
}

describe('The link to a Redis that answers with an error', () => {
  it.each([
    'BUSYGROUP Consumer Group name already exists',
    'WRONGTYPE Operation against a key holding the wrong kind of value',
  ])('does not take it for one that is away where the command is at fault: %s', async (answer) => {
    const { link, health } = linkTo(answer);

    await expect(link.send('key', ['XGROUP'])).rejects.toMatchObject({ cause: new Error(answer) });

    expect(health.state).toBe('up');
  });

  it.each([
    'BUSY Redis is busy running a script.',
    'LOADING Redis is loading the dataset in memory',
    'Socket closed unexpectedly',
  ])('takes it for one that is away where it cannot serve: %s', async (answer) => {
    const { link, health } = linkTo(answer);

    await expect(link.send('key', ['GET'])).rejects.toMatchObject({ cause: new Error(answer) });

    expect(health.state).toBe('down');
  });

  it('takes it for one that is away where it could not do all that a script was to do', async () => {
    const { link, health } = linkTo([0, new Error('OOM command not allowed when used memory > …')]);

    await link.send('key', ['EVALSHA']);

    expect(health.state).toBe('down');
  });
});
