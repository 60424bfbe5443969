import {
  absoluteEndOf,
  deadlineOf,
  isOverdue,
  isReachable,
  overdueReason,
} from '../../lib/store/session-record.js';
import { makeRecord } from '../support/record.js';

describe('deadlineOf', () => {
  it.each([
    [2699, 3599],
    [2700, 3600],
    [2701, 3600],
  ])(
    'of a session touched at %d, idle for 900 of 3600 seconds in all, is %d',
    (touched, deadline) => {
      expect(deadlineOf(makeRecord({ lastModified: touched }))).toBe(deadline);
    },
  );
});

describe('absoluteEndOf', () => {
  it('counts from the creation, and from the last login where there was one', () => {
    const record = makeRecord({ createdAt: 10 });

    expect(absoluteEndOf(record)).toBe(3610);
    expect(absoluteEndOf({ ...record, loggedInAt: 500 })).toBe(4100);
    expect(absoluteEndOf({ ...record, loggedInAt: 0 })).toBe(3600);
  });
});

describe('isOverdue', () => {
  it.each([
    [899, false],
    [900, true],
    [901, true],
  ])('by the idle timeout of 900, at %d: %s', (now, expected) => {
    expect(isOverdue(makeRecord(), now)).toBe(expected);
  });

  it.each([
    [3599, false],
    [3600, true],
    [3601, true],
  ])('by the absolute timeout of 3600, at %d: %s', (now, expected) => {
    expect(isOverdue(makeRecord({ lastModified: 3500 }), now)).toBe(expected);
  });
});

describe('overdueReason', () => {
  it.each([
    [2699, 'idle'],
    [2700, 'absolute'],
    [2701, 'absolute'],
  ])(
    'of a session touched at %d, idle for 900 of 3600 seconds in all, is %s',
    (touched, reason) => {
      expect(overdueReason(makeRecord({ lastModified: touched }))).toBe(reason);
    },
  );
});

describe('isReachable', () => {
  it.each([
    [true, true, true],
    [true, false, false],
    [false, true, false],
    [false, false, true],
    [undefined, true, true],
    [undefined, false, true],
    [true, undefined, true],
    [false, undefined, true],
  ])('of a session made with TLS %s, over TLS %s: %s', (made, asked, expected) => {
    expect(isReachable(makeRecord({ secure: made }), asked)).toBe(expected);
  });
});
