import { RedisApplication } from '../support/redis-nodes.js';
import { type Session } from 'nestjs-live-session';
import { Cart } from '../support/cart.js';
import { redisForFile } from '../support/redis-server.js';
import { until } from '../support/until.js';

const redis = redisForFile();
const setup = () => new RedisApplication(redis()).pair({ components: [Cart] });

describe('A session in Redis', () => {
  it('is found by every node, as an object of each', async () => {
    const [here, there] = await setup();
    const session = await here.sessions.makeSession();

    const found = await there.sessions.getSession(session.uid);

    expect([found.id, found === session]).toEqual([session.id, false]);
  });

  it('carries the state of its components from node to node', async () => {
    const [here, there] = await setup();
    const session = await here.sessions.makeSession();
    session.getComponent(Cart).add('tea');
    await session.save();
    const found = await there.sessions.getSession(session.uid);
    found.getComponent(Cart).add('milk');
    await found.save();

    await here.sessions.getSession(session.uid);

    expect(session.getComponent(Cart).items).toEqual(['tea', 'milk']);
  });

  it('ends on every node, which tells those who wait there', async () => {
    const [here, there] = await setup();
    const session = await here.sessions.makeSession();
    const found = await there.sessions.getSession(session.uid);
    const told: string[] = [];
    session.notifyOnExpire(({ reason }) => told.push(`here: ${reason}`));
    found.notifyOnExpire(({ reason }) => told.push(`there: ${reason}`));

    await session.logout();
    await expect(found.save()).rejects.toMatchObject({ code: 'SESSION_EXPIRED' });

    expect(told).toEqual(['here: logout', 'there: logout']);
  });

  it.each<[string, (session: Session) => Promise<void>]>([
    ['login()', (session) => session.login('eve')],
    ['regenerate()', (session) => session.regenerate()],
  ])('that somebody has logged in to elsewhere is not given to %s here', async (_how, rotate) => {
    const [here, there] = await setup();
    const session = await here.sessions.makeSession();
    session.getComponent(Cart).add('tea');
    await session.save();
    await (await there.sessions.getSession(session.uid)).login('ada');

    const refused = rotate(session);

    await expect(refused).rejects.toMatchObject({ code: 'SESSION_CONFLICT' });
    expect((await there.sessions.findById(session.id))?.principal).toBe('ada');
  });

  it('is not given to a rotation on a node that has heard of its new uid, but not of the login', async () => {
    const [here, there] = await setup();
    const session = await here.sessions.makeSession();
    const old = here.store.keyOf(session.uid);
    await (await there.sessions.getSession(session.uid)).login('ada');
    await until(async () => {
      await here.clock.advanceAsync(1);
      return here.store.held(old) === undefined;
    });

    const refused = session.regenerate();

    await expect(refused).rejects.toMatchObject({ code: 'SESSION_CONFLICT' });
    expect(session.principal).toBe('ada');
  });

  it('is dead by its old uid on every node once somebody has logged in', async () => {
    const [here, there] = await setup();
    const session = await here.sessions.makeSession();
    const { uid } = session;

    await session.login('ada');

    expect(await there.sessions.findSession(uid)).toBeUndefined();
    expect((await there.sessions.getSession(session.uid)).principal).toBe('ada');
  });
});
