import { RecordTable } from '../../lib/store/record-table.js';
import { makeRecord } from '../support/record.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Two keys for each character that a key may begin with, and none that is like another's. */
function setup() {
  const table = new RecordTable();
  const records = ALPHABET.split('').flatMap((first) =>
    ['x', 'y'].map((rest) => makeRecord({ key: first + rest })),
  );
  for (const record of records) table.set(record.key, record);
  return { table, records };
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
    const { table, records } = setup();

    for (const [index, key] of ['', 'ä', '\u{1F511}'].entries()) {
      table.set(key, records[index] ?? makeRecord());
    }

    expect(['', 'ä', '\u{1F511}'].map((key) => table.get(key))).toEqual(records.slice(0, 3));
  });

  it('forgets one record and keeps the others', () => {
    const { table, records } = setup();

    table.delete('Ax');

    expect(records.filter(({ key }) => table.get(key) === undefined)).toEqual(records.slice(0, 1));
  });

  it('forgets everything once it is cleared', () => {
    const { table, records } = setup();

    table.clear();

    expect(records.some(({ key }) => table.get(key) !== undefined)).toBe(false);
  });
});
