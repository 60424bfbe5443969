import { jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import {
  MemorySessionStore,
  RandomSource,
  Reactor,
  Session,
  SessionModule,
  SessionNotFoundError,
  SessionService,
} from 'nestjs-live-session';
import { Clock } from 'nestjs-live-session/testing';
import { Test } from '@nestjs/testing';
import { bootService } from '../support/boot-service.js';
import { CopyingStore } from '../support/copying.store.js';
import { logged } from '../support/logged.js';
import { WatchedStore } from '../support/watched.store.js';

const UNKNOWN = randomBytes(32).toString('base64url');

async function setup() {
  const errors = logged();
  const store = new WatchedStore();
  const booted = await bootService({ options: { store } });
  return { ...booted, store, errors };
}

/** A source that hands out proper tokens until it is told to fail. */
class FailingSource extends RandomSource {
  isBroken = false;

  token(bytes: number): string {
    if (this.isBroken) throw new Error('no entropy');
    return randomBytes(bytes).toString('base64url');
  }
}

async function setupRandom(source: RandomSource) {
  return bootService({
    override: (builder) => builder.overrideProvider(RandomSource).useValue(source),
  });
}

describe('sessions.makeSession()', () => {
  it('makes a session that is kept at once', async () => {
    const { sessions } = await setup();

    const session = await sessions.makeSession();

    expect(session).toBeInstanceOf(Session);
    expect(await sessions.count()).toBe(1);
    expect(await sessions.getSession(session.uid)).toBe(session);
  });

  it('starts checking its expiration', async () => {
    const { sessions, clock } = await setup();

    await sessions.makeSession();

    expect(clock.calls.map((call) => call.getTime())).toEqual([900]);
  });

  it('makes another session each time', async () => {
    const { sessions } = await setup();

    const [first, second] = await Promise.all([sessions.makeSession(), sessions.makeSession()]);

    expect([first === second, first.uid === second.uid, first.id === second.id]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('fails where there is no randomness, and makes nothing', async () => {
    const source = new FailingSource();
    const { sessions, clock } = await setupRandom(source);
    source.isBroken = true;

    await expect(sessions.makeSession()).rejects.toThrow('no entropy');

    expect([await sessions.count(), clock.calls.length]).toEqual([0, 0]);
  });
});

describe('A source of randomness', () => {
  it.each([
    ['regenerate()', (session: Session) => session.regenerate()],
    ['login()', (session: Session) => session.login('ada')],
  ])('that fails fails %s, and changes nothing', async (_name, call) => {
    const source = new FailingSource();
    const { sessions } = await setupRandom(source);
    const session = await sessions.makeSession();
    const { uid } = session;
    source.isBroken = true;

    await expect(call(session)).rejects.toThrow('no entropy');

    expect([session.uid, session.principal]).toEqual([uid, undefined]);
    expect(await sessions.findSession(uid)).toBe(session);
  });

  it.each<[string, (bytes: number) => string]>([
    ['hands out the same uid twice', () => UNKNOWN],
    ['hands out too little', (bytes) => randomBytes(bytes - 1).toString('base64url')],
    ['hands out another alphabet', (bytes) => randomBytes(bytes).toString('hex')],
  ])('that %s is refused at boot', async (_how, token) => {
    const source = new (class extends RandomSource {
      token = token;
    })();

    await expect(setupRandom(source)).rejects.toMatchObject({
      code: 'SESSION_OPTION_INVALID',
      option: 'RandomSource',
    });
  });
});

describe('sessions.getSession() and findSession()', () => {
  it('find the session of a uid', async () => {
    const { sessions } = await setup();
    const session = await sessions.makeSession();

    expect(await sessions.getSession(session.uid)).toBe(session);
    expect(await sessions.findSession(session.uid)).toBe(session);
  });

  it('find no session of an unknown uid, and make none', async () => {
    const { sessions } = await setup();

    const error: unknown = await sessions.getSession(UNKNOWN).catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(SessionNotFoundError);
    expect(error).toMatchObject({ code: 'SESSION_NOT_FOUND' });
    expect(await sessions.findSession(UNKNOWN)).toBeUndefined();
    expect(await sessions.count()).toBe(0);
  });

  it.each(['', 'a', `${UNKNOWN}=`, ` ${UNKNOWN}`, `${UNKNOWN.slice(0, 42)}B`, '__proto__'])(
    'ask no store about %j',
    async (uid) => {
      const { sessions, store } = await setup();

      const found = await sessions.findSession(uid);
      await sessions.getSession(uid).catch(() => {});

      expect([found, store.asked]).toEqual([undefined, []]);
    },
  );

  it('answer parallel look-ups with the same object', async () => {
    const { sessions } = await setup();
    const { uid } = await sessions.makeSession();

    const found = await Promise.all(Array.from({ length: 20 }, () => sessions.getSession(uid)));

    expect(new Set(found).size).toBe(1);
  });

  it('do not find a session by its id', async () => {
    const { sessions } = await setup();
    const session = await sessions.makeSession();

    expect(await sessions.findSession(session.id)).toBeUndefined();
  });

  it.each([
    ['findSession()', ({ sessions }: Setup, { uid }: Session) => sessions.findSession(uid)],
    ['getSession()', ({ sessions }: Setup, { uid }: Session) => sessions.getSession(uid)],
    ['findById()', ({ sessions }: Setup, { id }: Session) => sessions.findById(id)],
  ])('do not touch: %s', async (_name, find) => {
    const given = await setup();
    const session = await given.sessions.makeSession();
    given.clock.advance(5);

    await find(given, session);

    expect([session.lastModified, session.expiresAt]).toEqual([0, 900]);
  });

  it.each([
    [899, true],
    [900, false],
    [901, false],
  ])(
    'find a session that was idle for %d of 900 seconds, before the timer: %s',
    async (now, isFound) => {
      const { sessions, clock } = await setup();
      const session = await sessions.makeSession();
      clock.rightNow = now;

      const found = await sessions.findSession(session.uid);

      expect([found === session, session.isExpired]).toEqual([isFound, !isFound]);
    },
  );
});

describe('sessions.findById()', () => {
  it('finds a session by its public handle', async () => {
    const { sessions } = await setup();
    const session = await sessions.makeSession();

    expect(await sessions.findById(session.id)).toBe(session);
  });

  it.each(['', 'unknown', '__proto__', UNKNOWN])('finds nothing for %j', async (id) => {
    const { sessions } = await setup();
    await sessions.makeSession();

    expect(await sessions.findById(id)).toBeUndefined();
  });

  it('does not find a session by its uid', async () => {
    const { sessions } = await setup();
    const session = await sessions.makeSession();

    expect(await sessions.findById(session.uid)).toBeUndefined();
  });
});

describe('On a store that takes its time', () => {
  async function setupRemote() {
    const store = new CopyingStore();
    const booted = await bootService({ options: { store } });
    const { uid, id } = await booted.sessions.makeSession();
    // From here on it is a node that has not met the session yet.
    store.forget();
    return { ...booted, uid, id };
  }

  it('parallel look-ups find the same object, by uid and by id', async () => {
    const { sessions, uid, id } = await setupRemote();
    const look = (index: number) => (index % 2 ? sessions.getSession(uid) : sessions.findById(id));

    const found = await Promise.all(Array.from({ length: 20 }, (_, index) => look(index)));

    expect(new Set(found).size).toBe(1);
    expect(found[0]?.id).toBe(id);
  });

  it('a session that was found by its id first has its uid once that is known', async () => {
    const { sessions, uid, id } = await setupRemote();
    const session = await sessions.findById(id);

    await sessions.findSession(uid);

    expect(session?.uid).toBe(uid);
  });
});

describe('sessions.create$', () => {
  it('tells of every session that is made, once, when it can be found', async () => {
    const { sessions } = await setup();
    const seen: unknown[] = [];
    sessions.create$.subscribe(async (made) => {
      seen.push(made, await sessions.findSession(made.uid));
    });

    const session = await sessions.makeSession();

    expect(seen).toEqual([session, session]);
    expect(seen[0]).toBe(session);
  });

  it('has subscribers who cannot harm anybody: what they throw is logged', async () => {
    const { sessions, errors } = await setup();
    sessions.create$.subscribe(() => {
      throw new Error('broken');
    });

    const session = await sessions.makeSession();

    expect(session.isExpired).toBe(false);
    expect(errors).toEqual([expect.stringContaining('broken')]);
  });

  it('may have a subscriber who ends the session', async () => {
    const { sessions, clock } = await setup();
    sessions.create$.subscribe((session) => session.expire('banned'));

    await sessions.makeSession().catch(() => {});

    expect([await sessions.count(), clock.calls]).toEqual([0, []]);
  });
});

describe('sessions.run() and current()', () => {
  it('runs nothing for what is no session', async () => {
    const { sessions } = await setup();
    const run = jest.fn();

    expect(() => sessions.run({} as Session, run)).toThrow(/^session must be a session/);
    expect(run).not.toHaveBeenCalled();
  });

  it('have no session outside of a request', async () => {
    const { sessions } = await setup();

    expect(sessions.current()).toBeUndefined();
  });

  it('make a session the current one, for all that the function starts', async () => {
    const { sessions } = await setup();
    const session = await sessions.makeSession();

    const current = await sessions.run(session, async () => {
      await undefined;
      return sessions.current();
    });

    expect([current, sessions.current()]).toEqual([session, undefined]);
  });

  it('can be nested', async () => {
    const { sessions } = await setup();
    const [outer, inner] = [await sessions.makeSession(), await sessions.makeSession()];

    const seen = sessions.run(outer, () => [
      sessions.run(inner, () => sessions.current()),
      sessions.current(),
    ]);

    expect(seen).toEqual([inner, outer]);
  });

  it('pass on what the function returns or throws', async () => {
    const { sessions } = await setup();
    const session = await sessions.makeSession();

    expect(sessions.run(session, () => 42)).toBe(42);
    expect(() =>
      sessions.run(session, () => {
        throw new Error('broken');
      }),
    ).toThrow('broken');
  });
});

describe('An application that closes', () => {
  it('ends no session', async () => {
    const { sessions, module } = await setup();
    const session = await sessions.makeSession();
    const ends: unknown[] = [];
    session.notifyOnExpire((end) => ends.push(end));
    sessions.expire$.subscribe((end) => {
      ends.push(end);
    });

    await module.close();

    expect([ends, session.isExpired]).toEqual([[], false]);
  });

  it('leaves no timer behind', async () => {
    const { sessions, module, clock } = await setup();
    await sessions.makeSession();

    await module.close();

    expect(clock.calls).toEqual([]);
  });

  it('completes the streams of the service', async () => {
    const { sessions, module } = await setup();
    const done: string[] = [];
    sessions.expire$.subscribe({ complete: () => void done.push('expire$') });
    sessions.create$.subscribe({ complete: () => void done.push('create$') });

    await module.close();

    expect(done.sort()).toEqual(['create$', 'expire$']);
  });

  it('may close inside a callback', async () => {
    const { sessions, module, clock } = await setup();
    const [first] = [await sessions.makeSession(), await sessions.makeSession()];
    let closed: Promise<void> | undefined;
    first.notifyOnExpire(() => {
      closed = module.close();
    });

    clock.advance(900);
    await closed;

    expect(clock.calls).toEqual([]);
  });
});

describe('Two applications in one process', () => {
  it('share no session', async () => {
    const [one, two] = [await setup(), await setup()];

    const session = await one.sessions.makeSession();

    expect(await two.sessions.count()).toBe(0);
    expect(await two.sessions.findSession(session.uid)).toBeUndefined();
  });

  it('cannot share a store', async () => {
    const store = new MemorySessionStore();
    await bootService({ options: { store } });

    await expect(bootService({ options: { store } })).rejects.toMatchObject({
      code: 'SESSION_OPTION_INVALID',
      option: 'store',
    });
  });
});

describe('The reactor of an application', () => {
  it('is the one of the options', async () => {
    const clock = new Clock();
    const imports = [SessionModule.forRoot(900, { reactor: clock })];
    const module = await Test.createTestingModule({ imports }).compile();

    await module.get(SessionService).makeSession();

    expect(module.get(Reactor)).toBe(clock);
    expect(clock.calls).toHaveLength(1);
    await module.close();
  });
});

type Setup = Awaited<ReturnType<typeof setup>>;
