import { Cart } from '../support/cart.js';
import { OFTEN, openOwnShop } from '../support/own-server.js';
import { until } from '../support/until.js';

describe('A server that has lost everything', () => {
  it('has sessions end as lost on the node that holds them, once', async () => {
    const { server, sessions, session } = await openOwnShop(OFTEN);
    const told: string[] = [];
    sessions.expire$.subscribe(({ id, reason }) => told.push(`${id} ${reason}`));
    await server.send('FLUSHALL');

    await until(() => told.length > 0);

    expect([told, session.isExpired]).toEqual([[`${session.id} lost`], true]);
  });

  it('keeps new sessions, and tells of their ends', async () => {
    const { server, sessions, ask } = await openOwnShop(OFTEN);
    await server.send('FLUSHALL');
    await ask('get', '/peek');
    const session = await sessions.makeSession();
    const told: string[] = [];
    sessions.expire$.subscribe(({ id, reason }) => told.push(`${id} ${reason}`));

    await session.logout();

    await until(() => told.includes(`${session.id} logout`));
  });

  it('that was older than what a node holds gets the better of it', async () => {
    const { server, sessionKey, sessions, session, ask } = await openOwnShop();
    const key = await sessionKey();
    const fields = (await server.send('HGETALL', key)) as Record<string, string>;
    session.getComponent(Cart).add('milk');
    await session.save();
    await server.send('DEL', key);
    await server.send('HSET', key, ...Object.entries(fields).flat());

    await sessions.getSession(session.uid);

    expect(session.getComponent(Cart).items).toEqual(['tea']);
    await ask('post', '/cart').expect(201, { added: 2 });
  });

  it('and has another login since, after as many writes, gets the better of it', async () => {
    const { server, sessionKey, sessions, session } = await openOwnShop();
    await session.login('ada');
    await sessions.getSession(session.uid);
    await server.send('HSET', await sessionKey(), 'principal', 'bob');

    await sessions.getSession(session.uid);

    expect(session.principal).toBe('bob');
  });
});

describe('A record that was broken by hand', () => {
  it.each([
    ['has no id any more', (key: string) => [['HDEL', key, 'id']]],
    ['has no deadline any more', (key: string) => [['HDEL', key, 'deadline']]],
    ['has letters for numbers', (key: string) => [['HSET', key, 'idle', 'soon']]],
    [
      'is of another type',
      (key: string) => [
        ['DEL', key],
        ['SET', key, 'x'],
      ],
    ],
    ['was evicted', (key: string) => [['DEL', key]]],
  ])('is no session, and ends as lost: it %s', async (_, damage) => {
    const { server, sessionKey, sessions, session, ask } = await openOwnShop(OFTEN);
    const told: string[] = [];
    sessions.expire$.subscribe(({ id, reason }) => told.push(`${id} ${reason}`));
    const key = await sessionKey();
    for (const command of damage(key)) await server.send(...command);

    await ask('get', '/peek').expect(200, { isKnown: false });
    await until(() => told.length > 0);

    expect(told).toEqual([`${session.id} lost`]);
    expect(await sessions.count()).toBe(0);
  });
});

describe('Events that were deleted', () => {
  it('are followed again from the next one on', async () => {
    const { server, key, sessions, session } = await openOwnShop(OFTEN);
    await (await sessions.makeSession()).logout();
    const told: string[] = [];
    sessions.expire$.subscribe(({ id }) => told.push(id));
    await server.send('DEL', key('ev'));

    await session.logout();

    await until(() => told.includes(session.id));
    expect(told).toEqual([session.id]);
  });

  it('are told even by a server whose clock was set back', async () => {
    const { server, key, sessions, session } = await openOwnShop(OFTEN);
    const ahead = Date.now() + 3_600_000;
    await server.send('XADD', key('ev'), `${ahead}-0`, 'kind', 'rotated', 'id', 'x', 'key', 'y');
    await (await sessions.makeSession()).logout();
    await server.send('DEL', key('ev'));
    const told: string[] = [];
    sessions.expire$.subscribe(({ id }) => told.push(id));

    await session.logout();

    await until(() => told.includes(session.id));
  });
});

describe('A clock of the server that was set back', () => {
  it('ends no session earlier, and makes none older', async () => {
    const { server, key, session, ask } = await openOwnShop({
      touchGranularity: 0,
      sweepInterval: 0.1,
    });
    const mark = Date.now() + 60_000;
    await server.send('SET', key('clk'), String(mark));
    await ask('get', '/cart').expect(200);
    const { lastModified } = session;

    await ask('get', '/cart').expect(200);

    expect(session.lastModified).toBe(lastModified);
    expect(session.expiresAt).toBeCloseTo(mark / 1000 + 900, 0);
  });
});
