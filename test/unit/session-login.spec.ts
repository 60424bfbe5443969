import {
  type LoginOptions,
  MemorySessionStore,
  type Session,
  SessionComponent,
  SessionExpiredError,
  State,
} from 'nestjs-live-session';
import { Site } from '../../lib/session/site.js';
import { bootService, type ServiceOptions } from '../support/boot-service.js';
import { Cart } from '../support/cart.js';
import { collect } from '../support/collect.js';
import { recordIn } from '../support/record.js';

@SessionComponent({ onLogin: 'drop', version: 2 })
class Csrf {
  @State() token = 'fresh';
}

@SessionComponent({ onLogin: 'drop' })
class Draft {
  text = '';
}

async function setup(options: ServiceOptions['options'] = {}) {
  const booted = await bootService({ options, components: [Cart, Csrf, Draft] });
  const session = await booted.sessions.makeSession();
  return { ...booted, session };
}

const ROTATIONS: [string, (session: Session) => Promise<void>][] = [
  ['regenerate()', (session) => session.regenerate()],
  ['login()', (session) => session.login('ada')],
];

describe.each(ROTATIONS)('session.%s', (_name, rotate) => {
  it('gives the session a new uid', async () => {
    const { session } = await setup();
    const before = session.uid;

    await rotate(session);

    expect(session.uid).toMatch(/^[\w-]{43}$/);
    expect(session.uid).not.toBe(before);
  });

  it('is done when it returns: the old uid is dead at once, the new one alive', async () => {
    const { session, sessions } = await setup();
    const before = session.uid;

    const rotated = rotate(session);

    const [old, current] = [sessions.findSession(before), sessions.findSession(session.uid)];
    expect([await old, await current]).toEqual([undefined, session]);
    await rotated;
  });

  it('keeps the id, the components and whoever waits for the end', async () => {
    const { session, sessions } = await setup();
    const { id } = session;
    const cart = session.getComponent(Cart);
    cart.add('tea');
    const told: unknown[] = [];
    session.notifyOnExpire((end) => told.push(end));

    await rotate(session);
    const found = await sessions.getSession(session.uid);

    expect([found.id, found.getComponent(Cart)]).toEqual([id, cart]);
    await found.expire();
    expect(told).toHaveLength(1);
  });

  it('ends no session, and makes none', async () => {
    const { session, sessions } = await setup();
    const told: unknown[] = [];
    sessions.expire$.subscribe((end) => void told.push(end));
    sessions.create$.subscribe((made) => void told.push(made));

    await rotate(session);

    expect([told, await sessions.count()]).toEqual([[], 1]);
  });

  it('puts the idle timeout neither off nor forward', async () => {
    const { session, clock } = await setup();
    clock.advance(5);

    await rotate(session);

    expect([session.lastModified, session.expiresAt]).toEqual([0, 900]);
  });

  it('can be done again and again: only the last uid is alive', async () => {
    const { session, sessions } = await setup();
    const uids = [session.uid];

    for (let count = 0; count < 5; count++) {
      await rotate(session);
      uids.push(session.uid);
    }

    const found = await Promise.all(uids.map((uid) => sessions.findSession(uid)));
    expect(found.map((one) => one === session)).toEqual([...Array(5).fill(false), true]);
  });

  it('is refused where the session is overdue, and ends it', async () => {
    const { session, sessions, clock } = await setup();
    clock.rightNow = 900;

    await expect(rotate(session)).rejects.toBeInstanceOf(SessionExpiredError);

    expect([session.isExpired, await sessions.count()]).toEqual([true, 0]);
  });
});

describe('session.login()', () => {
  it('makes it the session of a principal, from now on', async () => {
    const { session, clock } = await setup();
    clock.advance(5);

    await session.login('ada', { level: 'mfa' });

    expect(session).toMatchObject({ principal: 'ada', level: 'mfa', loggedInAt: 5 });
  });

  it('forgets the level and the time of the login before', async () => {
    const { session, clock } = await setup();
    await session.login('ada', { level: 'mfa' });
    clock.advance(5);

    await session.login('ada');

    expect(session).toMatchObject({ principal: 'ada', level: undefined, loggedInAt: 5 });
  });

  it('can make it the session of another principal', async () => {
    const { session, sessions } = await setup();
    await session.login('ada');

    await session.login('bob');

    expect(await collect(sessions.list({ principal: 'ada' }))).toEqual([]);
    expect(await collect(sessions.list({ principal: 'bob' }))).toHaveLength(1);
  });

  it.each(['', undefined, null, 42, {}])('refuses %p, and changes nothing', async (principal) => {
    const { session } = await setup();
    const { uid } = session;

    const login: Promise<void> = Reflect.apply(session.login, session, [principal]);

    await expect(login).rejects.toMatchObject({ code: 'SESSION_OPTION_INVALID' });
    expect([session.uid, session.principal]).toEqual([uid, undefined]);
  });

  it.each(['__proto__', 'constructor', 'a\nb', '🦉'])('takes %j for a name', async (principal) => {
    const { session, sessions } = await setup();

    await session.login(principal);

    expect(await sessions.expireAll(principal)).toBe(1);
  });

  it('takes no level from a component', async () => {
    const { session } = await setup();
    const options: LoginOptions = {};

    session.setComponent('level', 'mfa');
    await session.login('ada', options);

    expect(session.level).toBeUndefined();
  });

  it('leaves components behind that are to be dropped', async () => {
    const { session } = await setup();
    const csrf = session.getComponent(Csrf);
    csrf.token = 'planted';
    await session.save();

    await session.login('ada');

    expect(session.getComponent(Csrf)).not.toBe(csrf);
    expect(session.getComponent(Csrf).token).toBe('fresh');
  });

  it('leaves components behind that have no state to be stored', async () => {
    const { session } = await setup();
    session.getComponent(Draft).text = 'planted';

    await session.login('ada');

    expect(session.getComponent(Draft).text).toBe('');
  });

  it('leaves behind what is stored of components that nobody asked for yet', async () => {
    const store = new MemorySessionStore();
    const { session, sessions } = await setup({ store });
    session.getComponent(Csrf).token = 'planted';
    await session.save();
    const record = recordIn(store, session.uid);
    Object.assign(record ?? {}, { live: undefined });
    const restored = await sessions.getSession(session.uid);

    await restored.login('ada');

    expect(restored).not.toBe(session);
    expect(restored.getComponent(Csrf).token).toBe('fresh');
  });

  it('leaves behind what is stored of older versions of a component', async () => {
    const store = new MemorySessionStore();
    const { session } = await setup({ store });
    const record = recordIn(store, session.uid);
    const old = { text: '{"token":"planted"}', revision: 1 };
    Object.assign(record ?? {}, { components: new Map([['csrf@1', old]]) });

    await session.login('ada');

    expect(session.getComponent(Csrf).token).toBe('fresh');
    expect(record?.components?.size).toBe(0);
  });
});

describe('maxPerPrincipal', () => {
  const limited = (policy: 'refuse' | 'end-oldest', limit = 2) =>
    setup({ maxPerPrincipal: { limit, policy } });

  async function loginAnother({ sessions }: Awaited<ReturnType<typeof setup>>, principal = 'ada') {
    const session = await sessions.makeSession();
    await session.login(principal);
    return session;
  }

  it.each([
    [1, 0],
    [2, 0],
    [3, 1],
  ])('of 2, to end the oldest, has for %d logins ended %d', async (logins, expected) => {
    const given = await limited('end-oldest');
    const ends: string[] = [];
    given.sessions.expire$.subscribe(({ reason }) => void ends.push(reason));

    for (let count = 0; count < logins; count++) await loginAnother(given);

    expect(ends).toEqual(Array(expected).fill('limit'));
  });

  it.each([
    [1, 0],
    [2, 0],
    [3, 1],
  ])('of 2, to refuse, has of %d logins refused %d', async (logins, expected) => {
    const given = await limited('refuse');
    const refusals: unknown[] = [];

    for (let count = 0; count < logins; count++) {
      await loginAnother(given).catch((error: unknown) => refusals.push(error));
    }

    const refusal = expect.objectContaining({ code: 'SESSION_LIMIT', limit: 2 });
    expect(refusals).toEqual(Array(expected).fill(refusal));
  });

  it.each(['refuse', 'end-oldest'] as const)(
    'holds under 50 parallel logins: %s',
    async (policy) => {
      const given = await limited(policy, 3);

      await Promise.allSettled(Array.from({ length: 50 }, () => loginAnother(given)));

      expect(await collect(given.sessions.list({ principal: 'ada' }))).toHaveLength(3);
    },
  );

  it('ends who logged in first, not who came first', async () => {
    const given = await limited('end-oldest');
    const [early, late] = [await given.sessions.makeSession(), await loginAnother(given)];
    await early.login('ada');

    await loginAnother(given);

    expect([early.isExpired, late.isExpired]).toEqual([false, true]);
  });

  it('does not count the session itself, where it logs in again', async () => {
    const given = await limited('refuse', 1);
    const session = await loginAnother(given);

    await session.login('ada', { level: 'mfa' });

    expect(session.level).toBe('mfa');
  });

  it('does not count the sessions of others', async () => {
    const given = await limited('refuse', 1);
    await loginAnother(given, 'bob');

    expect((await loginAnother(given)).principal).toBe('ada');
  });

  it.each<[string, (session: Session) => unknown]>([
    ['ended', (session) => session.expire()],
    ['is somebody else’s now', (session) => session.login('bob')],
  ])('does not count a session that %s', async (_how, change) => {
    const given = await limited('refuse', 1);
    await change(await loginAnother(given));

    expect((await loginAnother(given)).principal).toBe('ada');
  });

  it.each(['refuse', 'end-oldest'] as const)('does not count the overdue: %s', async (policy) => {
    const given = await limited(policy);
    const [first, second] = [await loginAnother(given), await loginAnother(given)];
    given.clock.rightNow = 100;
    first.touch();
    given.clock.rightNow = 900;

    const third = await loginAnother(given);

    expect([first.isExpired, second.isExpired, third.isExpired]).toEqual([false, true, false]);
  });

  it('refuses a login and changes nothing', async () => {
    const given = await limited('refuse', 1);
    await loginAnother(given);
    const { session, sessions } = given;
    const { uid } = session;

    await session.login('ada', { level: 'mfa' }).catch(() => {});

    expect(session).toMatchObject({ uid, principal: undefined, level: undefined });
    expect(await sessions.findSession(uid)).toBe(session);
  });

  it('refuses a login and drops no component', async () => {
    const given = await limited('refuse', 1);
    await loginAnother(given);
    const { session } = given;
    const csrf = session.getComponent(Csrf);
    csrf.token = 'mine';

    await session.login('ada').catch(() => {});
    await session.save();

    expect(session.getComponent(Csrf)).toBe(csrf);
    expect(csrf.token).toBe('mine');
  });

  it('ends nobody for a login that fails', async () => {
    const given = await limited('end-oldest', 1);
    const other = await loginAnother(given);
    await given.session.expire();

    await given.session.login('ada').catch(() => {});

    expect(other.isExpired).toBe(false);
  });

  it('holds where the end of the oldest leads to another login', async () => {
    const given = await limited('end-oldest', 1);
    const [third, first] = [await given.sessions.makeSession(), await loginAnother(given)];
    first.notifyOnExpire(() => third.login('ada'));

    await given.session.login('ada');

    expect(await collect(given.sessions.list({ principal: 'ada' }))).toHaveLength(1);
    expect(await given.sessions.count()).toBe(1);
  });

  it('revives nobody where the end of the oldest ends who logs in', async () => {
    const given = await limited('end-oldest', 1);
    const { session, sessions } = given;
    (await loginAnother(given)).notifyOnExpire(() => session.expire());

    await session.login('ada').catch(() => {});

    expect([session.isExpired, await sessions.count()]).toEqual([true, 0]);
    expect(await sessions.findSession(session.uid)).toBeUndefined();
    expect(await collect(sessions.list({ principal: 'ada' }))).toEqual([]);
  });
});

describe('maxSessions', () => {
  const limited = () => setup({ maxSessions: 3 });

  it('has a session told of once, though who made room for it has it kept', async () => {
    const { session, sessions, module } = await setup({ maxSessions: 1 });
    const created: unknown[] = [];
    sessions.create$.subscribe(({ id }) => void created.push(id));
    const next = module.get(Site, { strict: false }).offer();
    session.notifyOnExpire(() => next.save());

    await next.save();

    expect(created).toEqual([next.id]);
  });

  it('ends none as long as there is room', async () => {
    const { session, sessions } = await limited();

    await sessions.makeSession();
    await sessions.makeSession();

    expect([session.isExpired, await sessions.count()]).toEqual([false, 3]);
  });

  it('ends the one that would have ended first, with the reason limit', async () => {
    const { session, sessions, clock } = await limited();
    const [second] = [await sessions.makeSession(), await sessions.makeSession()];
    const ends: unknown[] = [];
    sessions.expire$.subscribe(({ id, reason }) => void ends.push([id, reason]));
    clock.advance(5);
    session.touch();

    await sessions.makeSession();

    expect([ends, await sessions.count()]).toEqual([[[second.id, 'limit']], 3]);
  });

  it('ends the one that would have ended first by a time-out of its own', async () => {
    const { sessions } = await limited();
    const [second, third] = [await sessions.makeSession(), await sessions.makeSession()];
    third.sessionTimeout = 10;
    second.sessionTimeout = 20;

    await sessions.makeSession();
    await sessions.makeSession();

    expect([second.isExpired, third.isExpired]).toEqual([true, true]);
  });

  it('holds for any number', async () => {
    const { sessions, clock } = await limited();

    await Promise.all(Array.from({ length: 50 }, () => sessions.makeSession()));

    expect([await sessions.count(), clock.calls.length]).toEqual([3, 1]);
  });

  it('does not end another for one that is overdue', async () => {
    const { session, sessions, clock } = await limited();
    const [second] = [await sessions.makeSession(), await sessions.makeSession()];
    second.sessionTimeout = 10;
    clock.rightNow = 10;
    const ends: string[] = [];
    sessions.expire$.subscribe(({ reason }) => void ends.push(reason));

    await sessions.makeSession();

    expect([ends, session.isExpired]).toEqual([['idle'], false]);
  });

  it('holds where the end of one leads to another', async () => {
    const { session, sessions } = await limited();
    const [second] = [await sessions.makeSession(), await sessions.makeSession()];
    second.sessionTimeout = 1;
    second.notifyOnExpire(() => sessions.makeSession());

    await sessions.makeSession();

    expect([await sessions.count(), session.isExpired]).toEqual([3, true]);
  });

  it('revives nobody where the end of one ends the new one', async () => {
    const { session, sessions, module, clock } = await limited();
    await Promise.all([sessions.makeSession(), sessions.makeSession()]);
    const offered = module.get(Site, { strict: false }).offer();
    session.notifyOnExpire(() => offered.expire());

    await offered.save();

    expect([offered.isExpired, await sessions.count()]).toEqual([true, 2]);
    expect(await sessions.findSession(offered.uid)).toBeUndefined();
    clock.advance(5000);
    expect(clock.calls).toEqual([]);
  });
});
