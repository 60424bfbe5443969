import { logged } from '../support/logged.js';
import { type BootedNode, RedisApplication } from '../support/redis-nodes.js';
import { redisForFile } from '../support/redis-server.js';
import { until } from '../support/until.js';

const redis = redisForFile();
/** Time moves on while the server is asked. */
const PATIENT = { operationTimeout: 86_400 };

interface Listening extends BootedNode {
  readonly told: string[];
}

async function setup() {
  logged();
  const application = new RedisApplication(redis());
  const join = async (): Promise<Listening> => {
    const node = await application.node({ redis: PATIENT });
    const told: string[] = [];
    node.sessions.expire$.subscribe(({ id, reason }) => told.push(`${id} ${reason}`));
    return { ...node, told };
  };
  const all = [await join(), await join(), await join()] as const;
  return { application, all };
}

async function makeMany({ sessions }: BootedNode, count: number) {
  const many = [];
  for (let i = 0; i < count; i++) many.push(await sessions.makeSession());
  return many;
}

/** Moves the time of nodes on, and lets the server answer what they ask. */
async function pass(nodes: readonly BootedNode[], seconds: number): Promise<void> {
  for (const { clock } of nodes) await clock.advanceAsync(seconds);
  for (let i = 0; i < 5; i++) await redis().send('PING');
}

async function hear(nodes: readonly Listening[], count: number): Promise<void> {
  await until(async () => {
    await pass(nodes, 1);
    return nodes.every(({ told }) => told.length >= count);
  });
}

describe('The ends that every node is told of', () => {
  it('are those of all nodes, once and in the same order', async () => {
    const { all } = await setup();
    const [here, there, elsewhere] = all;
    const sessions = await makeMany(here, 20);
    const held = await Promise.all(sessions.map(({ uid }) => there.sessions.getSession(uid)));

    await Promise.all(held.map((session, index) => session.expire(`reason-${index % 3}`)));
    await hear(all, 20);
    await pass(all, 10);

    expect(here.told).toHaveLength(20);
    expect(there.told).toEqual(here.told);
    expect(elsewhere.told).toEqual(here.told);
  });

  it('are those by idleness, too, whichever node has found them', async () => {
    const { application, all } = await setup();
    const sessions = await makeMany(all[0], 250);
    await application.travel(901);

    await hear(all, 250);

    expect(new Set(all[0].told)).toEqual(new Set(sessions.map(({ id }) => `${id} idle`)));
    expect(all[1].told).toEqual(all[0].told);
    expect(all[2].told).toEqual(all[0].told);
  });

  it('reach a node whose connection was cut meanwhile', async () => {
    const { all } = await setup();
    const [here, ...others] = all;
    const sessions = await makeMany(here, 5);
    await redis().send('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    for (const session of sessions) {
      await until(() =>
        session.logout().then(
          () => true,
          () => false,
        ),
      );
    }

    await hear(all, 5);

    const expected = sessions.map(({ id }) => `${id} logout`);
    expect([here, ...others].map(({ told }) => told)).toEqual([expected, expected, expected]);
  });

  it('reach a node that did not ask for long', async () => {
    const { application, all } = await setup();
    const [here, there, silent] = all;
    const sessions = await makeMany(here, 5);
    for (const session of sessions) await session.logout();
    await hear([here, there], 5);
    await application.travel(1800);
    await pass([here, there], 30);

    await hear([silent], 5);

    expect(silent.told).toEqual(here.told);
  });

  it('are known to a node that was away for so long that it was forgotten', async () => {
    const { application, all } = await setup();
    const [here, , silent] = all;
    const session = await here.sessions.makeSession();
    const held = await silent.sessions.getSession(session.uid);
    await pass([silent], 2);
    await session.logout();
    await application.travel(7200);
    for (let i = 0; i < 10; i++) await pass([here], 5);

    await hear([silent], 1);

    expect(held.isExpired).toBe(true);
  });

  it('are trimmed once all have read them', async () => {
    const { application, all } = await setup();
    const sessions = await makeMany(all[0], 20);
    for (const session of sessions) await session.logout();
    const events = `{${application.prefix}:s0}:ev`;

    await hear(all, 20);
    await until(async () => {
      await pass(all, 5);
      return Number(await redis().send('XLEN', events)) <= 1;
    });

    expect(all.map(({ told }) => told.length)).toEqual([20, 20, 20]);
  });
});
