import { inspect } from 'node:util';
import { Session, SessionComponent, State } from 'nestjs-live-session';
import { LiveState } from '../../lib/session/live-state.js';
import { bootService } from '../support/boot-service.js';
import { collect } from '../support/collect.js';
import { logged } from '../support/logged.js';

@SessionComponent()
class Cart {
  @State() items: string[] = [];

  constructor(readonly session: Session) {}
}

async function setup() {
  const errors = logged();
  const booted = await bootService({ components: [Cart] });
  const session = await booted.sessions.makeSession();
  return { ...booted, session, errors };
}

describe('Session', () => {
  it('has a uid of 43 base64url characters, which carry 256 bits', async () => {
    const { session } = await setup();

    expect(session.uid).toMatch(/^[\w-]{42}[AEIMQUYcgkosw048]$/);
    expect(Buffer.from(session.uid, 'base64url')).toHaveLength(32);
  });

  it('has a uid and an id of its own', async () => {
    const { sessions } = await setup();

    const made = await Promise.all(Array.from({ length: 1000 }, () => sessions.makeSession()));

    expect(new Set(made.map(({ uid }) => uid)).size).toBe(1000);
    expect(new Set(made.map(({ id }) => id)).size).toBe(1000);
  });

  it('has an id that is a UUIDv7', async () => {
    const { session } = await setup();

    expect(session.id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });

  it.each(['uid', 'id', 'createdAt', 'lastModified', 'expiresAt', 'isExpired', 'principal'])(
    'does not let %s be set',
    async (name) => {
      const { session } = await setup();
      const before: unknown = Reflect.get(session, name, session);

      expect(Reflect.set(session, name, 'forged', session)).toBe(false);
      expect(Reflect.get(session, name, session)).toBe(before);
    },
  );

  it('starts with the time of now, new, alive and nobody’s', async () => {
    const { sessions, clock } = await setup();
    clock.advance(100);

    expect(await sessions.makeSession()).toMatchObject({
      createdAt: 100,
      lastModified: 100,
      sessionTimeout: 900,
      expiresAt: 1000,
      isExpired: false,
      isNew: true,
      principal: undefined,
      level: undefined,
      loggedInAt: undefined,
    });
  });

  it('keeps a component that was set, and answers with the same one', async () => {
    const { session } = await setup();
    const component = {};

    session.setComponent('tenant', component);

    expect(session.getComponent('tenant')).toBe(component);
    expect(session.getComponent('unknown', 'fallback')).toBe('fallback');
  });

  it('makes its adapter once', async () => {
    const { session } = await setup();

    expect(session.getComponent(Cart)).toBe(session.getComponent(Cart));
    expect(session.getComponent(Cart).session).toBe(session);
  });

  it('has components of its own', async () => {
    const { session, sessions } = await setup();
    const other = await sessions.makeSession();

    session.getComponent(Cart).items.push('tea');

    expect(other.getComponent(Cart).items).toEqual([]);
  });
});

describe('What is behind a session', () => {
  it('is no property of its own, so that no copy and no comparison meets it', async () => {
    const { session } = await setup();
    session.getComponent(Cart).items.push('tea');
    session.notifyOnExpire(() => {});

    expect(Reflect.ownKeys(session)).toEqual([]);
  });

  it('has no name that an application would give to something of its own', () => {
    const names = Object.getOwnPropertyNames(LiveState.prototype);

    expect(names.filter((name) => !name.startsWith('$'))).toEqual(['constructor']);
  });
});

describe('The uid of a session', () => {
  /** Everything that a careless application might print. */
  const PRINTED: [string, (given: Awaited<ReturnType<typeof setup>>) => unknown][] = [
    ['the session', ({ session }) => session],
    ['a copy of it', ({ session }) => Object.assign({}, session)],
    ['its component', ({ session }) => session.getComponent(Cart)],
    ['the service', ({ sessions }) => sessions],
    ['a listing', ({ sessions }) => collect(sessions.list())],
    ['its event', ({ session }) => endOf(session)],
    [
      'an error about it',
      async ({ session }) =>
        session
          .expire()
          .then(() => session.save())
          .catch((error: unknown) => error),
    ],
    [
      'an error of a look-up',
      ({ session, sessions }) =>
        session
          .expire()
          .then(() => sessions.getSession(session.uid))
          .catch((error: unknown) => error),
    ],
  ];

  it.each(PRINTED)('does not show where %s is printed', async (_name, of) => {
    const given = await setup();
    const { uid } = given.session;

    const printed: unknown = await of(given);

    expect(inspect(printed, { depth: 20, showHidden: true, getters: true })).not.toContain(uid);
    expect(inspect(printed, { depth: 20, customInspect: false })).not.toContain(uid);
    expect(`${json(printed)} ${String(printed)}`).not.toContain(uid);
  });

  it('does not show where a callback fails', async () => {
    const { session, errors } = await setup();
    const { uid } = session;
    session.notifyOnExpire(() => {
      throw Object.assign(new Error('broken'), { session });
    });

    await session.expire();

    expect(inspect(errors)).toContain('broken');
    expect(inspect(errors)).not.toContain(uid);
  });

  it('is no part of the id, nor of the event id', async () => {
    const { session } = await setup();
    const { uid } = session;

    const { eventId, id } = await endOf(session);

    expect(`${eventId} ${id}`).not.toContain(uid.slice(0, 8));
  });

  it('is not an own property of the session', async () => {
    const { session } = await setup();

    const values = Reflect.ownKeys(session).map((key): unknown => Reflect.get(session, key));

    expect(values).not.toContain(session.uid);
    expect(structuredClone(session)).toEqual({});
  });
});

describe('What is printed of a session', () => {
  it('is its id, principal and state', async () => {
    const { session } = await setup();
    await session.login('ada');

    expect(inspect(session)).toBe(`Session { ${session.id} of ada, kept }`);
    await session.expire();
    expect(inspect(session)).toBe(`Session { ${session.id} of ada, ended }`);
  });

  it('as JSON is its id, principal and times', async () => {
    const { session } = await setup();
    await session.login('ada');

    expect(JSON.parse(JSON.stringify(session))).toEqual({
      id: session.id,
      principal: 'ada',
      createdAt: 0,
      lastModified: 0,
      expiresAt: 900,
    });
  });
});

/** Ends a session, and answers with what is told of that. */
async function endOf(session: Session) {
  await session.expire();
  const ends: { eventId: string; id: string }[] = [];
  session.notifyOnExpire((end) => ends.push(end));
  return ends[0] ?? { eventId: '', id: '' };
}

function json(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}
