import { RecordTable } from '../../lib/store/record-table.js';
import { survivors } from '../support/garbage.js';
import { makeRecord } from '../support/record.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Two keys for each character that a key may begin with, and none that is like another's. */
function setup() {
  const table = new RecordTable();
  const records = ALPHABET.split('').flatMap((first) =>
    ['x', 'y'].map((rest) => makeRecord({ key: first + rest })),
  );
  for (const record of records) table.add(record);
  const end = (key: string): boolean => {
    const record = table.get(key);
    if (record === undefined) throw new Error(`There is no ${key}.`);
    record.ended = 'idle';
    return table.drop(record);
  };
  return { table, records, end };
}

describe('RecordTable', () => {
  it('finds every record by its key', () => {
    const { table, records } = setup();

    expect(records.map(({ key }) => table.get(key))).toEqual(records);
  });

  it.each(['', 'x', 'A', 'Ax ', 'ä'])('finds nothing for %j', (key) => {
    expect(setup().table.get(key)).toBeUndefined();
  });

  it('finds a record by a key that is empty, or of another alphabet', () => {
    const { table } = setup();
    const records = ['', 'ä', '\u{1F511}'].map((key) => makeRecord({ key }));

    for (const record of records) table.add(record);

    expect(records.map(({ key }) => table.get(key))).toEqual(records);
  });

  it('forgets one that has ended and keeps the others', () => {
    const { table, records, end } = setup();

    end('Ax');

    expect(records.filter(({ key }) => table.get(key) === undefined)).toEqual(records.slice(0, 1));
  });

  it('forgets a record by the key that it is about to lose', () => {
    const { table, records } = setup();
    const [record = makeRecord()] = records;

    table.release(record);
    record.key = 'Az';
    table.add(record);

    expect([table.get('Ax'), table.get('Az')]).toEqual([undefined, record]);
  });

  it('takes a new record by the key of one that has ended', () => {
    const { table, end } = setup();
    const record = makeRecord({ key: 'Ax' });
    end('Ax');

    table.add(record);
    end('Ay');

    expect([table.get('Ax'), table.isCrowded, table.tidy()]).toEqual([record, false, false]);
  });

  it.each([
    [1, false],
    [2, false],
    [3, true],
  ])('is crowded where %d of 4 have ended: %s', (ended, isCrowded) => {
    const { table, end } = setup();
    for (const key of ['A1', 'A2']) table.add(makeRecord({ key }));

    const crowds = ['A1', 'A2', 'Ax'].slice(0, ended).map(end);

    expect([table.isCrowded, crowds.at(-1)]).toEqual([isCrowded, isCrowded]);
  });

  it('keeps the living when it is tidied, and no ended one', async () => {
    const { table, end } = setup();
    const refs = ['A1', 'A2', 'A3'].map((key) => {
      const record = makeRecord({ key });
      table.add(record);
      end(key);
      return new WeakRef(record);
    });

    expect([table.tidy(), table.tidy(), table.isCrowded]).toEqual([true, false, false]);
    expect([table.get('Ax')?.key, table.get('Ay')?.key, await survivors(refs)]).toEqual([
      'Ax',
      'Ay',
      0,
    ]);
  });

  it('needs no tidying where all have ended', () => {
    const { table, end } = setup();

    end('Ax');
    end('Ay');

    expect([table.isCrowded, table.get('Ax'), table.tidy()]).toEqual([false, undefined, false]);
  });

  it('forgets everything once it is cleared', () => {
    const { table, records } = setup();

    table.clear();

    expect(records.some(({ key }) => table.get(key) !== undefined)).toBe(false);
  });
});
