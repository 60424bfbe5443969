import { SystemRandomSource } from '../../lib/session/random-source.js';
import { SessionIds } from '../../lib/session/session-ids.js';

const UUID_V7 = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

const setup = () => new SessionIds(new SystemRandomSource());

/** The milliseconds that a handle was made at. */
const timeOf = (id: string): number => Number.parseInt(id.replace('-', '').slice(0, 12), 16);

describe('SessionIds', () => {
  it('makes UUIDs of version 7', () => {
    expect(setup().next(1_700_000_000)).toMatch(UUID_V7);
  });

  it.each([0, 0.001, 1, 1_700_000_000.123, 253_402_300_799])('puts the time into it: %d', (now) => {
    const ids = setup();

    expect(timeOf(ids.next(now))).toBe(Math.floor(now * 1000));
  });

  it('makes handles that sort by creation', () => {
    const ids = setup();

    const made = [5, 5.001, 5.002, 6, 7000, 1_700_000_000].map((now) => ids.next(now));

    expect([...made].sort()).toEqual(made);
  });

  it.each([4095, 4096, 4097])('makes %d handles in one millisecond that sort', (count) => {
    const ids = setup();

    const made = Array.from({ length: count }, () => ids.next(5));
    const next = ids.next(5.01);

    expect([...made, next].sort()).toEqual([...made, next]);
    expect(new Set(made).size).toBe(count);
    expect(made.every((id) => UUID_V7.test(id))).toBe(true);
  });

  it('makes handles that sort, though the clock goes back', () => {
    const ids = setup();

    const made = [5, 4, 3, 5, 5.001].map((now) => ids.next(now));

    expect([...made].sort()).toEqual(made);
  });

  it('makes handles that cannot be guessed from one another', () => {
    const ids = setup();

    const tails = Array.from({ length: 1000 }, () => ids.next(5).slice(19));

    expect(new Set(tails).size).toBe(1000);
  });
});
