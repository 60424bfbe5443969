import { type ExpireAllOptions, type Session } from 'nestjs-live-session';
import { type BootedNode, RedisApplication } from '../support/redis-nodes.js';
import { redisForFile } from '../support/redis-server.js';
import { until } from '../support/until.js';

const redis = redisForFile();

/** A node that makes revocations and crashes in the middle of each, and one that goes on. */
async function setup() {
  const application = new RedisApplication(redis());
  const [crashing, node] = await application.pair({
    redis: { sweepInterval: 0.001, reconcileInterval: 100_000, operationTimeout: 1000 },
  });
  crashing.store.directory.finishRevocation = () => Promise.reject(new Error('crashed'));

  const login = async (): Promise<Session> => {
    const session = await node.sessions.makeSession();
    await session.login('ada');
    return session;
  };
  const crash = async (options?: ExpireAllOptions): Promise<void> => {
    await expect(crashing.sessions.expireAll('ada', options)).rejects.toThrow('crashed');
  };
  const marks = () => redis().send('HLEN', `{${application.prefix}:s0}:rev`);
  return { application, node, login, crash, marks };
}

const isFound = async ({ sessions }: BootedNode, { uid }: Session): Promise<boolean> =>
  (await sessions.findSession(uid)) !== undefined;

describe('A revocation that was not finished', () => {
  it.each([
    ['spares nobody', false, false],
    ['spares one that it dooms', false, true],
    ['spares nobody, and it spares one', true, false],
    ['spares one that it dooms, and it spares another', true, true],
  ])('holds when a later one %s', async (_, isOneSpared, isAnotherSpared) => {
    const { node, login, crash } = await setup();
    const [one, another, third] = [await login(), await login(), await login()];
    await crash({ except: isOneSpared ? one : undefined });

    await node.sessions.expireAll('ada', { except: isAnotherSpared ? another : undefined });

    const found = await Promise.all([one, another, third].map((each) => isFound(node, each)));
    expect(found).toEqual([false, false, false]);
  });

  it('still spares what a later one spares, too', async () => {
    const { node, login, crash } = await setup();
    const [spared, other] = [await login(), await login()];
    await crash({ except: spared });

    await node.sessions.expireAll('ada', { except: spared });

    expect([await isFound(node, spared), await isFound(node, other)]).toEqual([true, false]);
  });

  it('has nothing against who has logged in since and is spared by a later one', async () => {
    const { node, login, crash } = await setup();
    const before = await login();
    await crash();
    const [since, spared] = [await login(), await login()];

    await node.sessions.expireAll('ada', { except: spared });

    const found = await Promise.all([before, since, spared].map((each) => isFound(node, each)));
    expect(found).toEqual([false, false, true]);
  });

  it('is why its sessions end, whatever the reason of a later one', async () => {
    const { node, login, crash } = await setup();
    const reasons: string[] = [];
    node.sessions.expire$.subscribe(({ reason }) => reasons.push(reason));
    await login();
    await crash({ reason: 'stolen|"\n' });
    await login();

    await node.sessions.expireAll('ada', { reason: 'closed' });

    expect(reasons).toEqual(['stolen|"\n', 'closed']);
  });

  it('is finished by any node, as are all that came after it', async () => {
    const { node, login, crash, marks } = await setup();
    const reasons = new Map<Session, string>();
    node.sessions.expire$.subscribe(({ session, reason }) => reasons.set(session, reason));
    const [one, another] = [await login(), await login()];
    await crash({ reason: 'stolen', except: one });
    await crash({ reason: 'closed', except: another });

    await until(async () => {
      node.clock.advance(0.01);
      return reasons.size === 2 && (await marks()) === 0;
    });

    expect([reasons.get(one), reasons.get(another)]).toEqual(['closed', 'stolen']);
  });
});

describe('A revocation', () => {
  it('ends who has logged in at the moment of the last one, after it', async () => {
    const { application, node, login, crash } = await setup();
    // The server's clock is behind what it has shown already, so that time stands still.
    await application.travel(60);
    await login();
    await crash();
    const since = await login();

    await node.sessions.expireAll('ada');

    expect(await isFound(node, since)).toBe(false);
  });

  it('ends what it is about for an empty reason, too', async () => {
    const { node, login, marks } = await setup();
    const session = await login();

    expect(await node.store.directory.endAll('ada', '', undefined)).toBe(1);

    expect([await isFound(node, session), await marks()]).toEqual([false, 0]);
  });

  it('keeps nothing that is due from its end where it cannot be finished', async () => {
    const { application, node, login, crash } = await setup();
    node.store.directory.finishRevocation = () => Promise.reject(new Error('stuck'));
    const ended: Session[] = [];
    node.sessions.expire$.subscribe(({ session }) => ended.push(session));
    const overdue = await node.sessions.makeSession();
    await login();
    await crash();

    await application.travel(901);
    await until(() => {
      node.clock.advance(0.01);
      return ended.includes(overdue);
    });

    expect(ended).toContain(overdue);
  });
});
