import { type Session, SessionService } from 'nestjs-live-session';
import { Site } from '../../lib/session/site.js';
import { bootService } from '../support/boot-service.js';
import { collect } from '../support/collect.js';

type Filter = Parameters<SessionService['list']>[0];

async function setup() {
  const booted = await bootService();
  const { sessions } = booted;
  const made: Session[] = [];
  for (const principal of ['ada', 'bob', 'ada', 'ada', undefined]) {
    booted.clock.advance(1);
    const session = await sessions.makeSession();
    if (principal !== undefined) await session.login(principal);
    made.push(session);
  }
  const list = async (filter?: Filter): Promise<number[]> =>
    (await collect(sessions.list(filter))).map(({ id }) => made.findIndex((one) => one.id === id));
  return { ...booted, made, list };
}

/** The session of that number. */
function at(made: readonly Session[], index: number): Session {
  const session = made[index];
  if (session === undefined) throw new RangeError(`There is no session ${index}.`);
  return session;
}

describe('sessions.list()', () => {
  it('lists every live session in the order of creation', async () => {
    const { list } = await setup();

    expect(await list()).toEqual([0, 1, 2, 3, 4]);
  });

  it('lists in the order of creation, whatever is done with the sessions', async () => {
    const { list, made } = await setup();
    at(made, 2).touch();
    await at(made, 0).regenerate();
    await at(made, 0).login('ada');

    expect(await list()).toEqual([0, 1, 2, 3, 4]);
    expect(await list({ principal: 'ada' })).toEqual([0, 2, 3]);
  });

  it('lists in the order of creation where a later session was used first', async () => {
    const { sessions, module } = await setup();
    const site = module.get(Site, { strict: false });
    const [first, second] = [site.offer(), site.offer()];
    await second.save();
    await first.save();

    const ids = (await collect(sessions.list())).map(({ id }) => id);

    expect(ids.slice(-2)).toEqual([first.id, second.id]);
  });

  it('tells what there is to tell of a session, and no uid', async () => {
    const { sessions, made } = await setup();
    await at(made, 0).login('ada', { level: 'mfa' });

    const [first, ...rest] = await collect(sessions.list());

    expect(first).toEqual({
      id: at(made, 0).id,
      principal: 'ada',
      createdAt: 1,
      lastModified: 1,
      expiresAt: 901,
      loggedInAt: 5,
      level: 'mfa',
    });
    expect(JSON.stringify([first, ...rest])).not.toContain(at(made, 0).uid);
  });

  it.each<[Filter, number[]]>([
    [{ principal: 'ada' }, [0, 2, 3]],
    [{ principal: 'bob' }, [1]],
    [{ principal: 'eve' }, []],
    [{ principal: '__proto__' }, []],
  ])('lists the sessions of a principal: %j', async (filter, expected) => {
    const { list } = await setup();

    expect(await list(filter)).toEqual(expected);
  });

  it.each([
    [0, []],
    [1, [0]],
    [4, [0, 1, 2, 3]],
    [5, [0, 1, 2, 3, 4]],
    [6, [0, 1, 2, 3, 4]],
  ])('lists at most %d', async (limit, expected) => {
    const { list } = await setup();

    expect(await list({ limit })).toEqual(expected);
  });

  it.each([-1, 0.5, NaN, Infinity])('refuses a limit of %d', async (limit) => {
    const { list } = await setup();

    await expect(list({ limit })).rejects.toMatchObject({
      code: 'SESSION_OPTION_INVALID',
      option: 'limit',
    });
  });

  it.each([
    [0, [1, 2, 3, 4]],
    [3, [4]],
    [4, []],
  ])('lists what was made after session %d', async (index, expected) => {
    const { list, made } = await setup();

    expect(await list({ after: at(made, index).id })).toEqual(expected);
  });

  it('lists what was made after a session that has ended', async () => {
    const { list, made } = await setup();
    await at(made, 2).expire();

    expect(await list({ after: at(made, 2).id })).toEqual([3, 4]);
    expect(await list({ after: at(made, 2).id, principal: 'ada' })).toEqual([3]);
  });

  it('pages through all sessions, each once', async () => {
    const { sessions, made } = await setup();
    const seen: string[] = [];

    for (let page = 0; page < 4; page++) {
      const filter = { limit: 2, ...(seen.length > 0 && { after: seen.at(-1) }) };
      for await (const { id } of sessions.list(filter)) seen.push(id);
    }

    expect(seen).toEqual(made.map(({ id }) => id));
  });

  it('pages through all sessions, where a later one was used first', async () => {
    const { sessions, module } = await bootService();
    const site = module.get(Site, { strict: false });
    const offered = Array.from({ length: 4 }, () => site.offer());
    for (const session of [...offered].reverse()) await session.save();
    const seen: string[] = [];

    for (let page = 0; page < 4; page++) {
      const filter = { limit: 1, ...(seen.length > 0 && { after: seen.at(-1) }) };
      for await (const { id } of sessions.list(filter)) seen.push(id);
    }

    expect(seen).toEqual(offered.map(({ id }) => id));
  });

  it('lists nothing twice that comes in while it is read', async () => {
    const { sessions, module, made } = await setup();
    const site = module.get(Site, { strict: false });
    const early = site.offer();
    await sessions.makeSession();
    const seen: string[] = [];

    for await (const { id } of sessions.list()) {
      seen.push(id);
      if (seen.length === 3) await early.save();
      if (seen.length === 4) await collect(sessions.list());
    }

    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(made.map(({ id }) => id)));
  });

  it.each<[string, Filter]>([
    ['all', {}],
    ['a principal', { principal: 'ada' }],
  ])('does not list what ends while it is read: %s', async (_name, filter) => {
    const { sessions, made } = await setup();
    const seen: string[] = [];

    for await (const { id } of sessions.list(filter)) {
      seen.push(id);
      await at(made, 2).expire();
    }

    expect(seen).not.toContain(at(made, 2).id);
  });

  it('ends nothing twice that ends while it is read and gets overdue', async () => {
    const { sessions, made, clock } = await setup();
    const ends: string[] = [];
    sessions.expire$.subscribe(({ id, reason }) => {
      ends.push(`${made.findIndex((one) => one.id === id)} ${reason}`);
    });

    for await (const { id } of sessions.list({ principal: 'ada' })) {
      if (id !== at(made, 0).id) continue;
      await at(made, 2).expire();
      clock.rightNow = 5000;
    }

    expect(ends).toEqual(['2 logout', '3 idle']);
  });

  it('does not touch', async () => {
    const { list, made, clock } = await setup();
    clock.advance(10);

    await list();

    expect(made.map(({ lastModified }) => lastModified)).toEqual([1, 2, 3, 4, 5]);
  });

  it('ends what is overdue, and does not list it', async () => {
    const { list, made, clock } = await setup();
    clock.rightNow = 902.5;

    expect(await list()).toEqual([2, 3, 4]);
    expect(made.map(({ isExpired }) => isExpired)).toEqual([true, true, false, false, false]);
  });
});

describe('sessions.count()', () => {
  it('counts the sessions that are alive', async () => {
    const { sessions, made, clock } = await setup();
    const counts = [await sessions.count()];

    await at(made, 0).expire();
    counts.push(await sessions.count());
    clock.advance(900);
    counts.push(await sessions.count());

    expect(counts).toEqual([5, 4, 0]);
  });

  it('does not count a session twice for its rotation', async () => {
    const { sessions, made } = await setup();

    await at(made, 0).regenerate();

    expect(await sessions.count()).toBe(5);
  });
});

describe('sessions.expireAll()', () => {
  it('ends every session of a principal and no other', async () => {
    const { sessions, made, list } = await setup();

    const count = await sessions.expireAll('ada');

    expect([count, await list()]).toEqual([3, [1, 4]]);
    expect(made.map(({ isExpired }) => isExpired)).toEqual([true, false, true, true, false]);
  });

  it('leaves one session alone where it is told to', async () => {
    const { sessions, made, list } = await setup();

    const count = await sessions.expireAll('ada', { except: at(made, 2) });

    expect([count, await list()]).toEqual([2, [1, 2, 4]]);
  });

  it('refuses to spare what is no session, before any has ended', async () => {
    const { sessions, list } = await setup();
    const [info] = await collect(sessions.list());

    const ending = sessions.expireAll('ada', { except: info as unknown as Session });

    await expect(ending).rejects.toThrow(/^except must be a session/);
    expect(await list()).toHaveLength(5);
  });

  it.each([
    [undefined, 'revoked'],
    ['banned', 'banned'],
  ])('tells the reason: %s', async (reason, expected) => {
    const { sessions } = await setup();
    const ends: string[] = [];
    sessions.expire$.subscribe((end) => {
      ends.push(end.reason);
    });

    await sessions.expireAll('ada', { reason });

    expect(ends).toEqual([expected, expected, expected]);
  });

  it('ends none where the principal has none', async () => {
    const { sessions } = await setup();

    expect([await sessions.expireAll('eve'), await sessions.count()]).toEqual([0, 5]);
  });

  it('counts only what it ended itself', async () => {
    const { sessions, made, clock } = await setup();
    await at(made, 0).expire();
    at(made, 2).notifyOnExpire(() => at(made, 3).expire());
    clock.advance(1);

    expect(await sessions.expireAll('ada')).toBe(1);
    expect(await sessions.expireAll('ada')).toBe(0);
  });

  it('covers a session that has just logged in as the principal, and none that was theirs', async () => {
    const { sessions, made, list } = await setup();
    await at(made, 4).login('ada');
    await at(made, 0).login('bob');

    await sessions.expireAll('ada');

    expect(await list()).toEqual([0, 1]);
  });
});
