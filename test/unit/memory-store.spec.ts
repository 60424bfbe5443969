import {
  MemorySessionStore,
  type Reactor,
  type SessionEnd,
  type SessionRecord,
  type SessionStoreSettings,
} from 'nestjs-live-session';
import { Clock } from 'nestjs-live-session/testing';
import { bootService } from '../support/boot-service.js';
import { collect } from '../support/collect.js';
import { survivors } from '../support/garbage.js';
import { makeRecord } from '../support/record.js';
import { SlowReactor } from '../support/slow.reactor.js';
import { storeSettings } from '../support/store-settings.js';

function start<R extends Reactor>(reactor: R, settings: Partial<SessionStoreSettings> = {}) {
  const store = new MemorySessionStore();
  const ends: SessionEnd[] = [];
  store.ends$.subscribe((end) => void ends.push(end));
  store.start(storeSettings(reactor, settings));
  const add = (given: Partial<SessionRecord> = {}): SessionRecord => {
    const record = makeRecord(given);
    store.create(record);
    return record;
  };
  return { reactor, store, ends, add };
}

const setup = (settings: Partial<SessionStoreSettings> = {}) => {
  const { reactor: clock, ...rest } = start(new Clock(), settings);
  return { clock, ...rest };
};

const text = (value: unknown, revision = 0, key = 'cart@1') => ({
  key,
  text: JSON.stringify(value),
  revision,
});

describe('MemorySessionStore', () => {
  it('is embedded: every answer is there at once', async () => {
    const { store, add } = setup();
    const record = add();

    expect(store.embedded).toBe(true);
    expect(store.open(record.key, false)).toBe(record);
    expect(store.commit(record, {})).toEqual({ kind: 'saved' });
  });

  it('cannot be used before it is started', () => {
    expect(() => new MemorySessionStore().create(makeRecord())).toThrow('start()');
  });

  it('starts once', () => {
    const { store, clock } = setup();
    expect(() => store.start(storeSettings(clock))).toThrow(
      expect.objectContaining({ option: 'store' }),
    );
  });

  it('holds nothing and waits for nothing once it is stopped', async () => {
    const { store, add, clock, ends } = setup();
    const record = add();

    store.stop();
    clock.advance(5000);

    expect(store.open(record.key, false)).toBeUndefined();
    expect([ends, clock.calls, await collect(store.directory.list({}))]).toEqual([[], [], []]);
  });
});

describe('MemorySessionStore.create()', () => {
  it('overwrites no session', () => {
    const { store, add } = setup();
    const record = add();

    expect(() => add({ key: record.key })).toThrow('already');
    expect(store.open(record.key, false)).toBe(record);
  });
});

describe('A record that MemorySessionStore has not made', () => {
  const login = { principal: 'ada', level: undefined, at: 0 };

  it.each([[{}], [{ rotatedTo: 'new' }], [{ login }]])('is nobody’s session after %j', (change) => {
    const { store } = setup();
    const stranger = makeRecord();

    expect(store.commit(stranger, change)).toEqual({ kind: 'ended', reason: undefined });
    expect([store.directory.count(), store.open('new', false)]).toEqual([0, undefined]);
  });

  it('ends nobody, though it is a copy', () => {
    const { store, add, ends } = setup();
    const record = add();

    store.end({ ...record }, 'logout');

    expect([ends, store.open(record.key, false)]).toEqual([[], record]);
  });
});

describe('MemorySessionStore.open()', () => {
  it('finds nothing for a key that is not there, and creates nothing', () => {
    const { store } = setup();

    expect([store.open('unknown', true), store.directory.count()]).toEqual([undefined, 0]);
  });

  it.each([
    [true, 5, 905],
    [false, 0, 900],
  ])('touches where it is asked to: %s', (touch, lastModified, end) => {
    const { store, add, clock, ends } = setup();
    const record = add();
    clock.advance(5);

    store.open(record.key, touch);
    clock.advance(5000);

    expect([record.lastModified, ends[0]?.at]).toEqual([lastModified, end]);
  });

  it('touches nothing that belongs to the other scheme, and does not find it', () => {
    const { store, add, clock } = setup();
    const record = add({ secure: true });
    clock.advance(5);

    expect(store.open(record.key, true, false)).toBeUndefined();
    expect(record.lastModified).toBe(0);
  });

  it.each([
    [899, 0],
    [900, 1],
    [901, 1],
  ])('at %d seconds of 900 ends %d', (now, expected) => {
    const { store, add, clock, ends } = setup();
    const record = add();
    clock.rightNow = now;

    store.open(record.key, true);

    expect([ends.length, store.open(record.key, true) === undefined]).toEqual([
      expected,
      expected === 1,
    ]);
  });
});

describe('MemorySessionStore.commit()', () => {
  it('applies a change to the record', () => {
    const { store, add } = setup();
    const record = add();

    store.commit(record, {
      lastModified: 5,
      sessionTimeout: 60,
      components: [text({ items: [] })],
    });

    expect(record).toMatchObject({ lastModified: 5, sessionTimeout: 60 });
    expect(record.components).toEqual(new Map([['cart@1', { text: '{"items":[]}', revision: 1 }]]));
  });

  it('removes a component that has no text any more', () => {
    const { store, add } = setup();
    const record = add();
    store.commit(record, { components: [text(1), text(2, 0, 'other@1')] });

    store.commit(record, { components: [{ key: 'cart@1', text: undefined, revision: 1 }] });

    expect([...(record.components?.keys() ?? [])]).toEqual(['other@1']);
  });

  it.each([
    [0, 'conflict'],
    [1, 'saved'],
    [2, 'conflict'],
  ])('answers to a write of revision %d, where 1 is stored: %s', (revision, kind) => {
    const { store, add } = setup();
    const record = add();
    store.commit(record, { components: [text('first')] });

    expect(store.commit(record, { components: [text('next', revision)] })).toMatchObject({ kind });
  });

  it('applies nothing of a change that conflicts', () => {
    const { store, add } = setup();
    const record = add();
    const before = { ...record };

    const answer = store.commit(record, {
      components: [text('fine', 0, 'other@1'), text('stale', 7)],
      sessionTimeout: 60,
      rotatedTo: 'new',
      login: { principal: 'ada', level: 'mfa', at: 1 },
    });

    expect(answer).toEqual({ kind: 'conflict', components: ['cart@1'] });
    expect(record).toEqual(before);
  });

  it('changes nothing that has ended, and brings nothing back', () => {
    const { store, add, clock } = setup();
    const record = add();
    store.end(record, 'banned');
    const before = { ...record };

    const change = {
      rotatedTo: 'new',
      sessionTimeout: 60,
      login: { principal: 'ada', level: undefined, at: 0 },
    };

    expect(store.commit(record, change)).toEqual({ kind: 'ended', reason: 'banned' });
    expect([record, store.directory.count(), clock.calls]).toEqual([before, 0, []]);
    expect(store.open('new', false)).toBeUndefined();
  });

  it('ends what is overdue, with the event of the sweep', () => {
    const { store, add, clock, ends } = setup();
    const record = add();
    clock.rightNow = 900;

    expect(store.commit(record, {})).toEqual({ kind: 'ended', reason: 'idle' });
    expect(ends).toEqual([{ eventId: `${record.id}:ended`, record, reason: 'idle', at: 900 }]);
  });

  it('revives nothing where the end of an overdue session ends the one that logs in', () => {
    const given = setup({ maxPerPrincipal: { limit: 1, policy: 'end-oldest' } });
    const [overdue, record] = [given.add({ principal: 'ada' }), given.add({ lastModified: 5 })];
    given.store.ends$.subscribe(
      (end) => end.record === overdue && given.store.end(record, 'banned'),
    );
    given.clock.rightNow = 900;

    const login = { principal: 'ada', level: undefined, at: 900 };
    const answer = given.store.commit(record, { login, rotatedTo: 'new' });

    expect(answer).toEqual({ kind: 'ended', reason: 'banned' });
    expect(given.store.open('new', false)).toBeUndefined();
  });
});

describe('MemorySessionStore.end()', () => {
  it('ends a session once', () => {
    const { store, add, ends } = setup();
    const record = add();

    store.end(record, 'first');
    store.end(record, 'second');

    expect([ends.map(({ reason }) => reason), record.ended]).toEqual([['first'], 'first']);
  });

  it('tells of an end when the session is gone', () => {
    const { store, add } = setup();
    const record = add({ principal: 'ada' });
    const seen: unknown[] = [];
    store.ends$.subscribe(() => {
      seen.push(store.open(record.key, false), store.directory.find(record.id));
      seen.push(store.directory.count());
    });

    store.end(record, 'logout');

    expect(seen).toEqual([undefined, undefined, 0]);
  });

  it('keeps a session once, where the end that makes room for it has it kept, too', () => {
    const { store, add, ends } = setup({ maxSessions: 2 });
    add();
    add();
    const record = makeRecord();
    store.ends$.subscribe(() => ends.length === 1 && store.create(record));

    store.create(record);
    store.end(record, 'logout');

    expect(ends.map(({ reason }) => reason)).toEqual(['limit', 'logout']);
    expect([store.directory.count(), store.open(record.key, false)]).toEqual([1, undefined]);
  });

  it('lets a new session have the key of one that ended', () => {
    const { store, add } = setup();
    const ended = add();
    store.end(ended, 'logout');

    const next = add({ key: ended.key });
    store.end(ended, 'again');

    expect(store.open(ended.key, false)).toBe(next);
  });
});

describe('The sweep', () => {
  it('wakes up for the earliest deadline only', () => {
    const { add, clock } = setup();
    for (const sessionTimeout of [900, 60, 300, 60, 5]) add({ sessionTimeout });

    expect(clock.calls.map((call) => call.getTime())).toEqual([5]);
  });

  it('goes back to sleep where everything was touched', () => {
    const { store, add, clock, ends } = setup();
    const record = add();
    clock.advance(600);
    store.open(record.key, true);

    clock.advance(300);

    expect(ends).toEqual([]);
    expect(clock.calls.map((call) => call.getTime())).toEqual([1500]);
  });

  it('ends nothing early: deadlines that differ by little are kept apart', () => {
    const { add, clock, ends } = setup();
    for (const sessionTimeout of [899.999, 900, 900.001]) add({ sessionTimeout });

    clock.advance(900);

    expect(ends.map(({ record }) => record.sessionTimeout)).toEqual([899.999, 900]);
  });

  it('ends what is due though sums of seconds are off in the last digit', () => {
    const { add, clock, ends } = setup();
    clock.rightNow = 1_700_000_000.1;
    add({ createdAt: clock.rightNow, lastModified: clock.rightNow, sessionTimeout: 0.7 });

    clock.advance(0.7);

    expect([ends.length, clock.calls.length]).toEqual([1, 0]);
  });

  it.each([0.0001, 0.001, 0.1])(
    'ends very many in slices, where a look at the time takes %d seconds',
    (lookTime) => {
      const { reactor, store, ends, add } = start(new SlowReactor(lookTime));
      for (let count = 0; count < 2000; count++) add();
      reactor.now = 900;
      const turns: number[] = [];

      for (let took = reactor.turn(); took !== undefined; took = reactor.turn()) turns.push(took);

      expect([ends.length, store.directory.count(), reactor.pending]).toEqual([2000, 0, 0]);
      expect(Math.max(...turns)).toBeLessThan(0.006 + 4 * lookTime);
    },
  );

  it('lets others have their turn between two slices', () => {
    const { reactor, ends, add } = start(new SlowReactor(0.001));
    for (let count = 0; count < 100; count++) add();
    reactor.now = 900;
    const seen: number[] = [];
    reactor.turn();
    reactor.callLater(-1, () => seen.push(ends.length));

    reactor.turn();

    expect(seen).toEqual([ends.length]);
    expect(ends.length).toBeGreaterThan(0);
    expect(ends.length).toBeLessThan(100);
  });

  it('ends everything that is due within one advance of a clock, in the order of deadlines', () => {
    const { add, clock, ends } = setup();
    for (let count = 0; count < 1000; count++) add({ sessionTimeout: 1 + ((count * 7919) % 800) });

    clock.advance(900);

    const deadlines = ends.map(({ record }) => record.sessionTimeout);
    expect(deadlines).toHaveLength(1000);
    expect(deadlines).toEqual([...deadlines].sort((a, b) => a - b));
    expect(ends.map(({ at }) => at)).toEqual(deadlines);
  });

  it('takes new sessions and new ends while it runs', () => {
    const { store, add, clock, ends } = setup();
    const records = Array.from({ length: 10 }, () => add());
    store.ends$.subscribe(({ record }) => {
      if (record === records[0]) add({ createdAt: 900, lastModified: 900 });
      if (record === records[1]) store.end(records[9] ?? record, 'early');
    });

    clock.advance(900);

    expect(new Set(ends.map(({ record }) => record)).size).toBe(ends.length);
    expect(ends).toHaveLength(10);
    expect(clock.calls.map((call) => call.getTime())).toEqual([1800]);
  });

  it('may be stopped by a callback', () => {
    const { store, add, clock, ends } = setup();
    add();
    add();
    store.ends$.subscribe(() => store.stop());

    clock.advance(900);

    expect([ends.length, clock.calls]).toEqual([1, []]);
  });
});

describe('A session that has ended', () => {
  it.each([0, 1])('is held by nothing, where %d others live on', async (others) => {
    const { sessions, clock } = await bootService();
    for (let count = 0; count < others; count++) await sessions.makeSession();
    const held: WeakRef<object>[] = [];
    for (let count = 0; count < 500; count++) {
      const session = await sessions.makeSession();
      session.notifyOnExpire(() => session.id);
      session.setComponent('self', { session });
      await session.login(`user ${count}`);
      held.push(new WeakRef(session));
      await session.expire();
    }

    clock.advance(0);

    expect(await survivors(held)).toBeLessThan(10);
  });

  it('is held by nothing, where its time-out was moved forth and back', async () => {
    const { sessions, clock } = await bootService();
    const alive = await sessions.makeSession();

    for (let count = 0; count < 1000; count++) {
      alive.sessionTimeout = 60;
      alive.sessionTimeout = 900;
    }

    expect(clock.calls).toHaveLength(1);
    clock.advance(899);
    expect(alive.isExpired).toBe(false);
  });
});
