import { type SessionRecord } from 'nestjs-live-session';
import { MemoryDirectory } from '../../lib/store/memory.directory.js';
import { collect } from '../support/collect.js';
import { makeRecord } from '../support/record.js';

function setup() {
  const time = { now: 0 };
  const closed: [id: string, reason: string][] = [];
  const close = (record: SessionRecord, reason: string): void => {
    record.ended = reason;
    directory.remove(record);
    closed.push([record.id, reason]);
    listener(record);
  };
  let listener: (record: SessionRecord) => unknown = () => {};
  const onClose = (given: typeof listener): void => void (listener = given);
  const directory = new MemoryDirectory(close, () => time.now);
  const add = (id: string, given: Partial<SessionRecord> = {}): SessionRecord => {
    const record = makeRecord({ id, ...given });
    directory.add(record);
    return record;
  };
  const ids = async (filter = {}): Promise<string[]> =>
    (await collect(directory.list(filter))).map(({ id }) => id);
  return { directory, time, closed, onClose, add, ids };
}

describe('MemoryDirectory', () => {
  it('finds a record by its handle', () => {
    const { directory, add } = setup();
    const record = add('a');

    expect([directory.find('a'), directory.find('b')]).toEqual([record, undefined]);
  });

  it.each([
    [899, true],
    [900, false],
    [901, false],
  ])('finds a record at %d seconds of 900: %s, and closes it where not', (now, isFound) => {
    const { directory, add, time, closed } = setup();
    add('a');
    time.now = now;

    expect(directory.find('a') !== undefined).toBe(isFound);
    expect(closed).toEqual(isFound ? [] : [['a', 'idle']]);
  });

  it('lists by handle, in whatever order the records came', async () => {
    const { add, ids } = setup();
    for (const id of ['b', 'd', 'a', 'c']) add(id);

    expect(await ids()).toEqual(['a', 'b', 'c', 'd']);
    add('e');
    expect(await ids({ after: 'c' })).toEqual(['d', 'e']);
  });

  it('finds and counts the same, before a listing and after it', async () => {
    const { directory, add, ids } = setup();
    const [b, a] = [add('b'), add('a')];

    await ids();

    expect([directory.count(), directory.find('a'), directory.find('b')]).toEqual([2, a, b]);
  });

  it('knows the records of a principal, the earliest login first', () => {
    const { directory, add } = setup();
    const [first, second] = [add('a'), add('b', { principal: 'ada' })];

    directory.move(first, 'ada');

    expect(directory.of('ada')).toEqual([second, first]);
    expect(first.principal).toBe('ada');
  });

  it('moves a record from one principal to another', () => {
    const { directory, add } = setup();
    const record = add('a', { principal: 'ada' });

    directory.move(record, 'bob');

    expect([directory.of('ada'), directory.of('bob')]).toEqual([[], [record]]);
  });

  it('closes the overdue of a principal, and does not count them', () => {
    const { directory, add, time, closed } = setup();
    add('a', { principal: 'ada' });
    const alive = add('b', { principal: 'ada', lastModified: 1 });
    time.now = 900;

    expect([directory.of('ada'), closed]).toEqual([[alive], [['a', 'idle']]]);
  });

  it('does not know a record any more that ended because another was overdue', () => {
    const { directory, add, time, onClose } = setup();
    const alive = add('a', { principal: 'ada', lastModified: 1 });
    add('b', { principal: 'ada' });
    onClose((record) => record.id === 'b' && directory.endAll('ada', 'chained', undefined));
    time.now = 900;

    expect([directory.of('ada'), alive.ended]).toEqual([[], 'chained']);
  });

  it('forgets a record that has ended and is removed', async () => {
    const { directory, add, ids } = setup();
    const record = add('a', { principal: 'ada' });

    record.ended = 'idle';
    directory.remove(record);

    expect([directory.find('a'), directory.count(), directory.of('ada')]).toEqual([
      undefined,
      0,
      [],
    ]);
    expect(await ids()).toEqual([]);
  });

  it('ends all of a principal but one, and answers with their number', () => {
    const { directory, add, closed } = setup();
    const except = add('a', { principal: 'ada' });
    add('b', { principal: 'ada' });
    add('c', { principal: 'bob' });

    expect(directory.endAll('ada', 'revoked', except)).toBe(1);
    expect(closed).toEqual([['b', 'revoked']]);
  });

  it('forgets everything once it is cleared', async () => {
    const { directory, add, ids } = setup();
    add('b', { principal: 'ada' });
    directory.clear();

    expect([directory.count(), directory.of('ada')]).toEqual([0, []]);
    add('a');
    expect(await ids()).toEqual(['a']);
  });
});
