import { jest } from '@jest/globals';
import { LocalSessions } from '../../lib/redis/local-sessions.js';
import { RedisDirectory } from '../../lib/redis/redis.directory.js';
import { type Ended, type RedisShard } from '../../lib/redis/redis-shard.js';

const NONE: Ended = { kind: 'none', trace: 'unknown' };
const ENDED: Ended = { kind: 'ended', entry: '1-0' };
const LATER: Ended = { kind: 'later', isStuck: false };

/** A shard with logins of one person, none of which leaves the index by itself. */
function setup({ logins, end }: { logins: string[]; end: (login: string) => Ended }) {
  let patience = 10;
  const send = async (_: string, [command, , ...args]: readonly string[]): Promise<unknown> => {
    if (patience-- === 0) throw new Error('asked for ever');
    if (command === 'ZRANGE') return [...logins];
    return args.filter((login) => logins.splice(logins.indexOf(login), 1).length > 0).length;
  };
  const revoked = jest.fn(async () => {});
  const shard = {
    link: { send },
    keys: { logins: 'who' },
    revoked,
    end: async ({ id }: { id: string }) => end(id),
  } as unknown as RedisShard;
  const directory = new RedisDirectory(() => {
    throw new Error('This asks one shard only.');
  }, new LocalSessions());
  const finish = () => directory.finishRevocation(shard, 'ada', '5||stolen');
  return { finish, revoked, logins };
}

describe('What is left to do of a revocation', () => {
  it('is given up, and its mark kept, where nothing comes of it', async () => {
    const { finish, revoked } = setup({ logins: ['ada:1:a:A', 'ada:2:b:B'], end: () => LATER });

    await expect(finish()).rejects.toThrow('do not end');

    expect(revoked).not.toHaveBeenCalled();
  });

  it('is given up where what has ended stays in the index', async () => {
    const { finish } = setup({ logins: ['ada:1:a:A'], end: () => ENDED });

    await expect(finish()).rejects.toThrow('do not end');
  });

  it('goes on for as long as something comes of it', async () => {
    const logins = ['ada:1:a:A', 'ada:2:b:B', 'ada:3:c:C'];
    const { finish, revoked } = setup({
      logins,
      // One at a time, from the last on.
      end: (id) => (logins.at(-1)?.includes(`:${id}:`) === true ? NONE : LATER),
    });

    expect(await finish()).toBe(0);

    expect([logins, revoked.mock.calls.length]).toEqual([[], 1]);
  });
});
