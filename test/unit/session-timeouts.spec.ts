import { type SessionExpiration } from 'nestjs-live-session';
import { bootService, type ServiceOptions } from '../support/boot-service.js';
import { CopyingStore } from '../support/copying.store.js';
import { WatchedStore } from '../support/watched.store.js';

const DAY = 24 * 60 * 60;

async function setup(options: ServiceOptions['options'] = {}) {
  const booted = await bootService({ options });
  const ends: SessionExpiration[] = [];
  booted.sessions.expire$.subscribe((end) => {
    ends.push(end);
  });
  const session = await booted.sessions.makeSession();
  return { ...booted, session, ends };
}

describe('The idle timeout', () => {
  it.each([
    [899, false],
    [900, true],
    [901, true],
  ])('has ended a session that was idle for %d of 900 seconds: %s', async (seconds, isExpired) => {
    const { session, clock } = await setup();

    clock.advance(seconds);

    expect(session.isExpired).toBe(isExpired);
  });

  it('is 900 seconds unless the options say otherwise', async () => {
    const { session } = await setup({ sessionTimeout: undefined });

    expect([session.sessionTimeout, session.expiresAt]).toEqual([900, 900]);
  });

  it('ends the session at its deadline, for the reason idle', async () => {
    const { clock, ends } = await setup();

    clock.advance(5000);

    expect(ends).toEqual([expect.objectContaining({ reason: 'idle', at: 900 })]);
  });

  it('may be a fraction of a second', async () => {
    const { session, clock } = await setup({ sessionTimeout: 0.25 });

    clock.advance(0.2);
    const before = session.isExpired;
    clock.advance(0.05);

    expect([before, session.isExpired]).toEqual([false, true]);
  });

  it.each([
    [899, false],
    [900, true],
    [901, true],
  ])(
    'counts from the last touch: %d seconds after it the end has come: %s',
    async (after, isExpired) => {
      const { session, clock } = await setup();
      clock.advance(600);
      session.touch();

      clock.advance(after);

      expect(session.isExpired).toBe(isExpired);
    },
  );

  it('never ends a session that is touched in time', async () => {
    const { session, clock, ends } = await setup();

    for (let minute = 0; minute < 1000; minute++) {
      clock.advance(60);
      session.touch();
    }

    expect([session.isExpired, ends]).toEqual([false, []]);
  });

  it('of each session is its own', async () => {
    const { sessions, clock, ends } = await setup();
    clock.advance(300);
    const second = await sessions.makeSession();

    clock.advance(600);

    expect([ends.length, second.isExpired]).toEqual([1, false]);
    clock.advance(300);
    expect([ends.length, second.isExpired]).toEqual([2, true]);
  });

  it('ends sessions in the order of their deadlines', async () => {
    const { sessions, session, clock, ends } = await setup();
    const [second, third] = [await sessions.makeSession(), await sessions.makeSession()];
    clock.advance(1);
    session.touch();
    second.sessionTimeout = 10;

    clock.advance(5000);

    expect(ends.map(({ id, at }) => [id, at])).toEqual([
      [second.id, 11],
      [third.id, 900],
      [session.id, 901],
    ]);
  });
});

describe('session.touch()', () => {
  it('moves lastModified and expiresAt to now', async () => {
    const { session, clock } = await setup();
    clock.advance(5);

    const isAlive = session.touch();

    expect([isAlive, session.lastModified, session.expiresAt]).toEqual([true, 5, 905]);
  });

  it.each([
    [899, true],
    [900, false],
    [901, false],
  ])('at %d seconds, before the timer has rung, answers %s', async (now, isAlive) => {
    const { session, clock } = await setup();
    clock.rightNow = now;

    expect([session.touch(), session.isExpired]).toEqual([isAlive, !isAlive]);
  });

  it('never sets lastModified back, though the clock is', async () => {
    const { session, clock } = await setup();
    clock.rightNow = 100;
    session.touch();
    clock.rightNow = 40;

    const isAlive = session.touch();

    expect([isAlive, session.lastModified]).toEqual([true, 100]);
  });

  it('schedules nothing', async () => {
    const { session, clock } = await setup();
    const [before] = clock.calls;

    clock.advance(5);
    session.touch();

    expect(clock.calls).toEqual([before]);
    expect(before?.getTime()).toBe(900);
  });
});

describe('session.startCheckingExpiration()', () => {
  it('called twice more changes nothing', async () => {
    const { session, clock, ends } = await setup();
    clock.advance(5);

    session.startCheckingExpiration();
    session.startCheckingExpiration();

    expect([clock.calls.length, session.lastModified]).toEqual([1, 0]);
    clock.advance(895);
    expect(ends).toHaveLength(1);
  });
});

describe('session.sessionTimeout', () => {
  it.each([NaN, 0, -0, -1, Infinity, -Infinity, '900', null, undefined, {}, 10n])(
    'refuses %p, and changes nothing',
    async (value) => {
      const { session, clock } = await setup();
      clock.advance(5);

      expect(() => Reflect.set(session, 'sessionTimeout', value, session)).toThrow(
        expect.objectContaining({ code: 'SESSION_OPTION_INVALID', option: 'sessionTimeout' }),
      );
      expect([session.sessionTimeout, session.lastModified]).toEqual([900, 0]);
      expect(clock.calls.map((call) => call.getTime())).toEqual([900]);
    },
  );

  it.each([
    [59, false],
    [60, true],
    [61, true],
  ])(
    'made shorter counts from now: %d seconds on the end has come: %s',
    async (after, isExpired) => {
      const { session, clock } = await setup();
      clock.advance(800);
      session.sessionTimeout = 60;

      clock.advance(after);

      expect(session.isExpired).toBe(isExpired);
    },
  );

  it.each([
    [1799, false],
    [1800, true],
    [1801, true],
  ])(
    'made longer counts from now: %d seconds on the end has come: %s',
    async (after, isExpired) => {
      const { session, clock } = await setup();
      clock.advance(800);
      session.sessionTimeout = 1800;

      clock.advance(after);

      expect(session.isExpired).toBe(isExpired);
    },
  );

  it('tells when the session expires now', async () => {
    const { session, clock } = await setup();
    clock.advance(800);

    session.sessionTimeout = 60;

    expect(session).toMatchObject({ sessionTimeout: 60, lastModified: 800, expiresAt: 860 });
  });

  it('is kept by the touches that follow', async () => {
    const { session, clock } = await setup();
    session.sessionTimeout = 60;
    clock.advance(30);
    session.touch();

    clock.advance(59);

    expect(session.isExpired).toBe(false);
    clock.advance(1);
    expect(session.isExpired).toBe(true);
  });

  it('made shorter, longer and shorter again ends the session once, when it is due', async () => {
    const { session, clock, ends } = await setup();
    for (const seconds of [60, 600, 30, 3000, 10, 120]) session.sessionTimeout = seconds;

    clock.advance(119);
    expect(ends).toEqual([]);
    clock.advance(10_000);

    expect(ends).toEqual([expect.objectContaining({ id: session.id, at: 120 })]);
  });

  it.each([
    [99, 99],
    [100, 100],
    [101, 100],
    [1e300, 100],
  ])('of %d with 100 left of the absolute timeout is %d', async (given, expected) => {
    const { session, clock } = await setup({ absoluteTimeout: 1000 });
    clock.advance(800);
    session.touch();
    clock.advance(100);

    session.sessionTimeout = given;

    expect([session.sessionTimeout, session.expiresAt]).toEqual([expected, 900 + expected]);
  });

  it('changes nothing about other sessions', async () => {
    const { session, sessions } = await setup();

    session.sessionTimeout = 60;

    expect((await sessions.makeSession()).sessionTimeout).toBe(900);
  });

  it('too late ends the session instead', async () => {
    const { session, clock, ends } = await setup();
    clock.rightNow = 900;

    session.sessionTimeout = 3600;

    expect(session.isExpired).toBe(true);
    expect(ends).toEqual([expect.objectContaining({ reason: 'idle' })]);
  });

  it('does not set lastModified back, though the clock is', async () => {
    const { session, clock } = await setup();
    clock.rightNow = 100;
    session.touch();
    clock.rightNow = 40;

    session.sessionTimeout = 60;

    expect([session.lastModified, session.expiresAt]).toEqual([100, 160]);
  });
});

describe('The absolute timeout', () => {
  it.each([
    [999, false],
    [1000, true],
    [1001, true],
  ])('of 1000 seconds has ended a busy session after %d: %s', async (seconds, isExpired) => {
    const { session, clock } = await setup({ absoluteTimeout: 1000 });
    clock.advance(600);
    session.touch();

    clock.advance(seconds - 600);

    expect(session.isExpired).toBe(isExpired);
  });

  it('is the reason that is told', async () => {
    const { session, clock, ends } = await setup({ absoluteTimeout: 1000 });
    clock.advance(600);
    session.touch();

    clock.advance(900);

    expect(ends).toEqual([expect.objectContaining({ reason: 'absolute', at: 1000 })]);
  });

  it.each([
    [99, 'idle'],
    [100, 'absolute'],
    [101, 'absolute'],
  ])(
    'of 1000 is the reason where a touch at 900 leaves %d of idle time: %s',
    async (idle, reason) => {
      const { session, clock, ends } = await setup({ absoluteTimeout: 1000 });
      clock.advance(899);
      session.touch();
      clock.advance(1);
      session.sessionTimeout = idle;

      clock.advance(1000);

      expect(ends.map((end) => end.reason)).toEqual([reason]);
    },
  );

  it.each<[string, number | undefined, number]>([
    ['30 days', undefined, 30 * DAY],
    ['30 days', 30 * DAY - 1, 30 * DAY],
    ['the idle timeout', 30 * DAY, 30 * DAY],
    ['the idle timeout', 30 * DAY + 1, 30 * DAY + 1],
  ])('is %s with an idle timeout of %p', async (_name, sessionTimeout, expected) => {
    const { session } = await setup({ sessionTimeout });

    expect([session.absoluteTimeout, session.absoluteExpiresAt]).toEqual([expected, expected]);
  });

  it('cannot be set', async () => {
    const { session } = await setup({ absoluteTimeout: 1000 });

    expect(() => Reflect.set(session, 'absoluteTimeout', 5000, session)).not.toThrow();
    expect(Reflect.set(session, 'absoluteTimeout', 5000, session)).toBe(false);
    expect(session.absoluteTimeout).toBe(1000);
  });

  it('is put off by nothing that is no login', async () => {
    const { session, clock } = await setup({ absoluteTimeout: 1000 });
    clock.advance(500);

    session.touch();
    session.sessionTimeout = 5000;
    await session.regenerate();
    await session.save();

    expect([session.absoluteExpiresAt, session.expiresAt]).toEqual([1000, 1000]);
  });

  it.each([
    [999, false],
    [1000, true],
    [1001, true],
  ])(
    'begins anew with a login: %d seconds after it the end has come: %s',
    async (after, isExpired) => {
      const { session, clock } = await setup({ absoluteTimeout: 1000 });
      clock.advance(500);
      session.touch();
      await session.login('ada');
      clock.advance(500);
      session.touch();

      clock.advance(after - 500);

      expect(session.isExpired).toBe(isExpired);
    },
  );

  it('begins anew with every login', async () => {
    const { session, clock } = await setup({ absoluteTimeout: 1000 });
    await session.login('ada');
    clock.advance(500);

    await session.login('ada');

    expect(session.absoluteExpiresAt).toBe(1500);
  });
});

describe('The timers', () => {
  it('are one pending call for a thousand sessions', async () => {
    const { sessions, clock } = await setup();

    for (let count = 0; count < 1000; count++) {
      clock.advance(0.5);
      await sessions.makeSession();
    }

    expect(clock.calls).toHaveLength(1);
  });

  it('are one pending call, whatever is done with the sessions', async () => {
    const { sessions, session, clock } = await setup();
    const others = await Promise.all(Array.from({ length: 10 }, () => sessions.makeSession()));
    for (const [index, other] of others.entries()) other.sessionTimeout = 10 + index;
    await session.login('ada');
    await others[3]?.expire();

    clock.advance(12.5);

    expect(clock.calls.map((call) => call.getTime())).toEqual([14]);
  });

  it('are gone with the last session', async () => {
    const { sessions, clock } = await setup();
    await sessions.makeSession();

    clock.advance(900);

    expect(clock.calls).toEqual([]);
  });

  it('end 100,000 sessions that are due at once within one Clock.advance()', async () => {
    const { sessions, clock, ends } = await setup();
    for (let count = 1; count < 100_000; count++) await sessions.makeSession();

    clock.advance(900);

    expect([ends.length, await sessions.count(), clock.calls.length]).toEqual([100_000, 0, 0]);
    expect(new Set(ends.map(({ eventId }) => eventId)).size).toBe(100_000);
  });
});

describe('A sessionTimeout that a store elsewhere was not told yet', () => {
  it('is that of the session all the same, whatever the store answers meanwhile', async () => {
    const store = new WatchedStore(new CopyingStore());
    const { sessions, clock } = await bootService({ options: { store } });
    const session = await sessions.makeSession();
    session.sessionTimeout = 60;
    store.before = (operation) =>
      operation === 'commit' ? Promise.reject(new Error('away')) : undefined;
    await session.save().catch(() => {});

    const found = await sessions.findSession(session.uid);

    expect([found === session, session.sessionTimeout]).toEqual([true, 60]);
    expect(session.expiresAt).toBe(clock.seconds() + 60);
  });
});
