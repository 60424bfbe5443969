import { type Known, LocalSessions } from '../../lib/redis/local-sessions.js';
import { type Snapshot } from '../../lib/redis/redis-record.js';
import { type SessionRecord } from '../../lib/store/session-record.js';
import { makeRecord } from '../support/record.js';

function setup() {
  const sessions = new LocalSessions();
  const record = makeRecord({ key: 'old', id: 'id' });
  sessions.making(record);
  sessions.made(record, 0);
  return { sessions, record };
}

/** What was held of it when it was asked for. */
function heldAt(record: SessionRecord, version: number): Known {
  return { record, version, stamp: String(version) };
}

/** What the server says of the session as it is in a version. */
function snapshotOf(version: number, given: Partial<Snapshot> = {}): Snapshot {
  return {
    now: 0,
    version,
    stamp: String(version),
    id: 'id',
    secure: undefined,
    times: { createdAt: 0, lastModified: 0, sessionTimeout: 900, absoluteTimeout: 3600 },
    login: { principal: undefined, level: undefined, loggedInAt: undefined },
    isComplete: false,
    components: [],
    ...given,
  };
}

describe('A session that is to be made', () => {
  const end = new Map([
    ['kind', 'ended'],
    ['id', 'id'],
    ['key', 'old'],
    ['reason', 'idle'],
    ['at', '1000'],
  ]);

  it('is told of as ended as the one that was to be made, though nobody has answered', () => {
    const sessions = new LocalSessions();
    const record = makeRecord({ key: 'old', id: 'id' });
    const ended: unknown[] = [];
    sessions.ends$.subscribe((told) => ended.push(told.record));
    sessions.making(record);

    sessions.tell(end);
    sessions.made(record, 0);

    expect([ended, sessions.known('old').record]).toEqual([[record], undefined]);
    expect(ended[0]).toBe(record);
  });

  it('is found as the one that was to be made', () => {
    const sessions = new LocalSessions();
    const record = makeRecord({ key: 'old', id: 'id' });
    sessions.making(record);

    const found = sessions.found(snapshotOf(1), 'old', sessions.known('old'));

    expect(found).toBe(record);
    expect([sessions.isMaking(record), sessions.known('old').version]).toEqual([false, 1]);
  });

  it('is not found by its key before', () => {
    const sessions = new LocalSessions();
    sessions.making(makeRecord({ key: 'old', id: 'id' }));

    expect(sessions.known('old').record).toBeUndefined();
  });
});

describe('The sessions that a node knows', () => {
  it('keep their new key where an answer from before the rotation comes after it', () => {
    const { sessions, record } = setup();
    sessions.saved(record, snapshotOf(1), { rotatedTo: 'new' });

    const found = sessions.found(snapshotOf(0), 'old', heldAt(record, 0));

    expect([found === record, record.key]).toEqual([true, 'new']);
  });

  it('keep the new key that an event has told of, against an answer from before it', () => {
    const { sessions, record } = setup();
    const event = { kind: 'rotated', id: 'id', from: 'old', key: 'new' };
    sessions.tell(new Map(Object.entries(event)));

    sessions.found(snapshotOf(0), 'old', heldAt(record, 0));

    expect(record.key).toBe('new');
  });

  it('take the key that a later answer brings', () => {
    const { sessions, record } = setup();

    sessions.found(snapshotOf(1), 'new', { record: undefined, version: -1, stamp: '-1' });

    expect(record.key).toBe('new');
  });

  it('take what an older server says that has lost what they hold', () => {
    const { sessions, record } = setup();
    const tea = { key: 'cart@1', revision: 7, text: 'tea' };
    sessions.found(snapshotOf(7, { components: [tea] }), 'old', heldAt(record, 0));

    sessions.found(snapshotOf(3, { isComplete: true }), 'old', heldAt(record, 7));

    expect(record.components?.size ?? 0).toBe(0);
  });

  it('tell of each end once, whoever brings it again', () => {
    const { sessions, record } = setup();
    const told: string[] = [];
    sessions.ends$.subscribe(({ reason }) => told.push(reason));
    sessions.lose(record, 'lost', 0);

    sessions.tell(new Map(Object.entries({ kind: 'ended', id: 'id', reason: 'idle', at: '0' })));

    expect(told).toEqual(['lost']);
  });
});
