import { jest } from '@jest/globals';
import { type Session, SessionExpiredError, type SessionExpiration } from 'nestjs-live-session';
import { inspect } from 'node:util';
import { firstValueFrom } from 'rxjs';
import { Site } from '../../lib/session/site.js';
import { bootService, type ServiceOptions } from '../support/boot-service.js';
import { collect } from '../support/collect.js';
import { logged } from '../support/logged.js';

interface Given {
  readonly session: Session;
}

async function setup(given: ServiceOptions = {}) {
  const errors = logged();
  const booted = await bootService(given);
  const ends: SessionExpiration[] = [];
  booted.sessions.expire$.subscribe((end) => {
    ends.push(end);
  });
  const session = await booted.sessions.makeSession();
  return { ...booted, session, ends, errors };
}

type Setup = Awaited<ReturnType<typeof setup>>;

/** The time-out has passed, but the timer has not rung yet. */
function late(given: Setup): Setup {
  given.clock.rightNow = 900;
  return given;
}

const refused = (promise: Promise<unknown>): Promise<unknown> => promise.catch(() => 'refused');

/** Every way in which the session of a principal comes to its end. */
const WAYS_OUT: [string, string, (given: Setup) => unknown][] = [
  ['the timer', 'idle', ({ clock }) => clock.advance(900)],
  ['expire()', 'logout', ({ session }) => session.expire()],
  ['logout()', 'logout', ({ session }) => session.logout()],
  ['expire(reason)', 'banned', ({ session }) => session.expire('banned')],
  ['expireAll()', 'revoked', ({ sessions }) => sessions.expireAll('ada')],
  ['a limit', 'limit', async ({ sessions }) => (await sessions.makeSession()).login('ada')],
  ['findSession(), late', 'idle', (given) => late(given).sessions.findSession(given.session.uid)],
  ['findById(), late', 'idle', (given) => late(given).sessions.findById(given.session.id)],
  ['list(), late', 'idle', (given) => late(given).sessions.list()[Symbol.asyncIterator]().next()],
  ['expireAll(), late', 'idle', (given) => late(given).sessions.expireAll('ada')],
  ['touch(), late', 'idle', (given) => late(given).session.touch()],
  ['save(), late', 'idle', (given) => refused(late(given).session.save())],
  ['login(), late', 'idle', (given) => refused(late(given).session.login('ada'))],
  ['expire(), late', 'idle', (given) => late(given).session.expire()],
];

const END_OLDEST = { options: { maxPerPrincipal: { limit: 1, policy: 'end-oldest' } } } as const;

describe('The end of a session', () => {
  it.each<[string, (given: Awaited<ReturnType<typeof setup>>) => Promise<unknown>]>([
    ['expire()', ({ session }) => session.expire('')],
    ['expireAll()', ({ sessions }) => sessions.expireAll('ada', { reason: '' })],
  ])('needs a reason that is not empty, for %s', async (_way, end) => {
    const given = await setup();

    await expect(end(given)).rejects.toThrow(/^reason must be a string that is not empty/);
    expect(given.session.isExpired).toBe(false);
  });

  describe.each(WAYS_OUT)('by %s', (_way, reason, end) => {
    it('is told once, with its reason', async () => {
      const given = await setup(END_OLDEST);
      await given.session.login('ada');

      await end(given);
      given.clock.advance(0);

      expect(given.ends).toEqual([
        expect.objectContaining({ reason, id: given.session.id, session: given.session }),
      ]);
    });

    it('happens once: no other end can follow', async () => {
      const given = await setup(END_OLDEST);
      await given.session.login('ada');
      await end(given);

      await given.session.expire('again');
      await given.sessions.expireAll('ada', { reason: 'again' });
      given.clock.advance(10_000);

      expect(given.ends.filter(({ id }) => id === given.session.id)).toHaveLength(1);
    });

    it('comes after the session is gone from the service', async () => {
      const given = await setup(END_OLDEST);
      await given.session.login('ada');
      const { session, sessions } = given;
      const seen: unknown[] = [];
      session.notifyOnExpire(async () => {
        seen.push(session.isExpired, await sessions.findSession(session.uid));
        seen.push(await sessions.findById(session.id));
      });

      await end(given);
      await given.clock.advanceAsync(0);

      expect(seen).toEqual([true, undefined, undefined]);
    });
  });

  it('carries an event id, the instant and the principal', async () => {
    const { session, clock, ends } = await setup();
    await session.login('ada');
    clock.advance(5);

    await session.expire();

    expect(ends).toEqual([
      {
        eventId: expect.stringContaining(session.id),
        id: session.id,
        reason: 'logout',
        at: 5,
        principal: 'ada',
        session,
      },
    ]);
  });

  it('carries no principal where nobody had logged in', async () => {
    const { session, ends } = await setup();

    await session.expire();

    expect(ends[0]).not.toHaveProperty('principal');
  });

  it('has an event id of its own for each session', async () => {
    const { session, sessions, ends } = await setup();

    await session.expire();
    await (await sessions.makeSession()).expire();

    expect(new Set(ends.map(({ eventId }) => eventId)).size).toBe(2);
  });

  it('is synchronous inside expire()', async () => {
    const { session, sessions } = await setup();
    const callback = jest.fn();
    session.notifyOnExpire(callback);

    const ended = session.expire();

    expect([callback.mock.calls.length, session.isExpired]).toEqual([1, true]);
    await ended;
    expect(await sessions.count()).toBe(0);
  });

  it('is synchronous inside Clock.advance()', async () => {
    const { session, clock } = await setup();
    const callback = jest.fn();
    session.notifyOnExpire(callback);

    clock.advance(900);

    expect([callback.mock.calls.length, session.isExpired]).toEqual([1, true]);
  });

  it('leaves other sessions alone', async () => {
    const { session, sessions, ends } = await setup();
    const other = await sessions.makeSession();

    await session.expire();

    expect([other.isExpired, ends.length, await sessions.count()]).toEqual([false, 1, 1]);
  });

  it('leaves the components of the session to be asked for', async () => {
    const { session, ends } = await setup();
    session.setComponent('cart', ['tea']);

    await session.expire();

    expect(ends[0]?.session.getComponent('cart')).toEqual(['tea']);
  });

  it('leaves no timer behind', async () => {
    const { session, clock } = await setup();

    await session.expire();

    expect(clock.calls).toEqual([]);
  });

  it('shows as the instant at which the session expires', async () => {
    const { session, clock } = await setup();
    clock.advance(5);

    await session.expire();
    clock.advance(5);

    expect(session.expiresAt).toBe(5);
  });

  it('is told in the order of ends, where one callback ends another session', async () => {
    const { session, sessions, ends } = await setup();
    const other = await sessions.makeSession();
    session.notifyOnExpire(() => other.expire());

    await session.expire();

    expect(ends.map(({ id }) => id)).toEqual([session.id, other.id]);
  });

  it('is told to every subscriber in the same order, where one of them ends another session', async () => {
    const { session, sessions } = await setup();
    const other = await sessions.makeSession();
    const seen: string[] = [];
    sessions.expire$.subscribe(({ id }) => {
      if (id === session.id) void other.expire();
    });
    sessions.expire$.subscribe(({ id }) => {
      seen.push(id);
    });

    await session.expire();

    expect(seen).toEqual([session.id, other.id]);
  });
});

describe('The end of a session that nobody has used', () => {
  async function setupOffered() {
    const given = await setup();
    return { ...given, offered: given.module.get(Site, { strict: false }).offer() };
  }

  it('is told to nobody', async () => {
    const { offered, sessions, ends } = await setupOffered();

    await offered.expire();

    expect([offered.isExpired, ends, await sessions.count()]).toEqual([true, [], 1]);
  });

  it('is told at once to who asks later', async () => {
    const { offered } = await setupOffered();
    await offered.expire('banned');
    const callback = jest.fn();

    offered.notifyOnExpire(callback);

    expect(callback).toHaveBeenCalledWith(expect.objectContaining({ reason: 'banned' }));
  });

  it('is its end: it is kept by no use that follows', async () => {
    const { offered, sessions } = await setupOffered();
    await offered.expire();

    expect([offered.touch(), typeof offered.uid]).toEqual([false, 'string']);
    await expect(offered.save()).rejects.toMatchObject({ code: 'SESSION_EXPIRED' });
    expect(await sessions.count()).toBe(1);
  });
});

describe('A callback on the end', () => {
  it('is called in the order of registration, by whichever way it was registered', async () => {
    const { session } = await setup();
    const calls: string[] = [];
    session.notifyOnExpire(() => calls.push('a'));
    session.expire$.subscribe(() => {
      calls.push('b');
    });
    session.notifyOnExpire(() => calls.push('c'));

    await session.expire();

    expect(calls).toEqual(['a', 'b', 'c']);
  });

  it('is called as often as it was registered', async () => {
    const { session } = await setup();
    const callback = jest.fn();
    session.notifyOnExpire(callback);
    session.notifyOnExpire(callback);

    await session.expire();

    expect(callback).toHaveBeenCalledTimes(2);
  });

  it('is given the event that the service tells, too', async () => {
    const { session, ends } = await setup();
    const callback = jest.fn();
    session.notifyOnExpire(callback);

    await session.expire();

    expect(callback.mock.calls).toEqual([ends]);
    expect(callback.mock.calls[0]).toEqual([expect.objectContaining({ session })]);
  });

  it('is not called once it is unsubscribed', async () => {
    const { session } = await setup();
    const callback = jest.fn();
    session.notifyOnExpire(callback).unsubscribe();
    session.expire$.subscribe(callback).unsubscribe();

    await session.expire();

    expect(callback).not.toHaveBeenCalled();
  });

  it('is not called where one before it unsubscribes it', async () => {
    const { session } = await setup();
    const callback = jest.fn();
    session.notifyOnExpire(() => second.unsubscribe());
    const second = session.notifyOnExpire(callback);

    await session.expire();

    expect(callback).not.toHaveBeenCalled();
  });

  it('is called at once where the session has ended', async () => {
    const { session, ends } = await setup();
    await session.expire();
    const callback = jest.fn();

    session.notifyOnExpire(callback);

    expect(callback.mock.calls).toEqual([ends]);
  });

  it.each([
    ['throws', () => throwing('broken')],
    ['rejects', () => Promise.reject(new Error('broken'))],
    [
      'rejects as a thenable',
      () => ({ then: (_: unknown, fail: (e: Error) => void) => fail(new Error('broken')) }),
    ],
  ])('that %s is logged, and keeps neither the next nor the end', async (_how, callback) => {
    const { session, ends, errors } = await setup();
    const next = jest.fn();
    session.notifyOnExpire(callback);
    session.expire$.subscribe(callback);
    session.notifyOnExpire(next);

    await session.expire();

    expect([next.mock.calls.length, ends.length, session.isExpired]).toEqual([1, 1, true]);
    expect(errors).toEqual([expect.stringContaining('broken'), expect.stringContaining('broken')]);
  });

  it.each([undefined, null, 'text', Symbol('s'), Object.create(null), { toString: null }])(
    'may throw %p',
    async (thrown) => {
      const { session, errors } = await setup();
      const next = jest.fn();
      session.notifyOnExpire(() => throwing(thrown));
      session.notifyOnExpire(next);

      await session.expire();
      session.notifyOnExpire(() => throwing(thrown));

      expect([next.mock.calls.length, errors.length]).toEqual([1, 2]);
    },
  );

  it('that throws late is logged, too', async () => {
    const { session, errors } = await setup();
    await session.expire();

    session.notifyOnExpire(() => throwing('late'));
    session.expire$.subscribe(() => throwing('later'));

    expect(errors).toEqual([expect.stringContaining('late'), expect.stringContaining('later')]);
  });

  it('that hangs keeps expire() from nothing', async () => {
    const { session, ends } = await setup();
    session.notifyOnExpire(() => new Promise(() => {}));

    await session.expire();

    expect(ends).toHaveLength(1);
  });

  it('is not waited for by expire()', async () => {
    const { session } = await setup();
    const log: string[] = [];
    session.notifyOnExpire(async () => {
      for (let turn = 0; turn < 100; turn++) await undefined;
      log.push('callback');
    });

    await session.expire();
    log.push('expired');

    expect(log).toEqual(['expired']);
  });

  it('that ends the session again changes nothing', async () => {
    const { session, ends } = await setup();
    const next = jest.fn();
    session.notifyOnExpire(() => session.expire('again'));
    session.notifyOnExpire(next);

    await session.expire();

    expect(ends.map(({ reason }) => reason)).toEqual(['logout']);
    expect(next).toHaveBeenCalledTimes(1);
  });

  it.each([
    [
      'the session',
      ({ session }: Given, callback: () => unknown) => session.notifyOnExpire(callback),
    ],
    [
      'the service',
      ({ sessions }: Setup, callback: () => unknown) => sessions.expire$.subscribe(callback),
    ],
  ])('on %s may make a new session', async (_whose, listen) => {
    const given = await setup();
    listen(given, () => given.sessions.makeSession());

    await given.session.expire();
    await given.clock.advanceAsync(0);

    expect(await given.sessions.count()).toBe(1);
  });

  it('on the service that throws keeps no other from being told', async () => {
    const { session, sessions, errors } = await setup();
    const next = jest.fn();
    sessions.expire$.subscribe(() => throwing('broken'));
    sessions.expire$.subscribe(next);

    await session.expire();

    expect(next).toHaveBeenCalledTimes(1);
    expect(errors).toEqual([expect.stringContaining('broken')]);
  });
});

describe('Session.expire$', () => {
  it('emits the end once and completes', async () => {
    const { session, ends } = await setup();
    const seen: unknown[] = [];
    session.expire$.subscribe({ next: (end) => seen.push(end), complete: () => seen.push('done') });

    await session.expire();

    expect(seen).toEqual([...ends, 'done']);
  });

  it('tells a late subscriber at once', async () => {
    const { session, ends } = await setup();
    await session.expire();
    const seen: unknown[] = [];

    session.expire$.subscribe({ next: (end) => seen.push(end), complete: () => seen.push('done') });

    expect(seen).toEqual([...ends, 'done']);
  });

  it('can be awaited', async () => {
    const { session, clock, ends } = await setup();
    const end = firstValueFrom(session.expire$);

    clock.advance(900);

    expect(await end).toBe(ends[0]);
  });
});

describe('After the end', () => {
  it.each<[string, (session: Session) => Promise<unknown>]>([
    ['save()', (session) => session.save()],
    ['regenerate()', (session) => session.regenerate()],
    ['login()', (session) => session.login('ada')],
    ['update()', (session) => session.update('cart', () => {})],
  ])('%s rejects with SessionExpiredError', async (_name, call) => {
    const { session } = await setup();
    session.setComponent('cart', []);
    await session.expire('banned');

    const error = await call(session).catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(SessionExpiredError);
    expect(error).toMatchObject({ code: 'SESSION_EXPIRED', id: session.id, reason: 'banned' });
  });

  it('touch() answers false and changes nothing', async () => {
    const { session, clock } = await setup();
    await session.expire();
    clock.advance(5);

    expect([session.touch(), session.lastModified]).toEqual([false, 0]);
  });

  it('expire() and logout() resolve', async () => {
    const { session, ends } = await setup();
    await session.expire();

    await session.expire('again');
    await session.logout();

    expect(ends).toHaveLength(1);
  });

  it('a new sessionTimeout arms nothing', async () => {
    const { session, clock } = await setup();
    await session.expire();

    session.sessionTimeout = 60;

    expect([clock.calls.length, session.sessionTimeout]).toEqual([0, 900]);
  });

  it('startCheckingExpiration() arms nothing', async () => {
    const { session, clock } = await setup();
    await session.expire();

    session.startCheckingExpiration();

    expect(clock.calls).toEqual([]);
  });

  it('the session is not listed, nor counted, nor found', async () => {
    const { session, sessions } = await setup();
    await session.login('ada');
    await session.expire();

    expect(await sessions.count()).toBe(0);
    expect(await collect(sessions.list())).toEqual([]);
    expect(await sessions.findSession(session.uid)).toBeUndefined();
  });
});

function throwing(error: unknown): never {
  throw typeof error === 'string' ? new Error(error) : error;
}

describe('What a listener throws that cannot be shown', () => {
  it('keeps nobody from being told of later ends', async () => {
    const { sessions, session, ends } = await setup();
    const later = await sessions.makeSession();
    session.notifyOnExpire(() => {
      throw Object.assign(new Map(), {
        [inspect.custom]: () => {
          throw new Error('Not to be shown.');
        },
      });
    });

    await session.expire();
    await later.expire();

    expect(ends.map(({ id }) => id)).toEqual([session.id, later.id]);
  });
});
