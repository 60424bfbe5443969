import { findCookie } from '../../lib/http/cookie-reader.js';

const NONE = { kind: 'none' };
const SEVERAL = { kind: 'several' };
const one = (value: string): object => ({ kind: 'one', value });

describe('findCookie', () => {
  it.each([undefined, '', ';', '; ;', ' ', '=', 'other=1', 'sid'])(
    'finds nothing in %j',
    (header) => {
      expect(findCookie(header, 'sid')).toEqual(NONE);
    },
  );

  it.each([
    ['sid=x'],
    ['a=1; sid=x'],
    ['sid=x; b=2'],
    ['a=1;sid=x;b=2'],
    ['a=1;; sid=x;'],
    [' \t sid \t = \t x \t '],
    ['a; sid=x; b'],
    ['asid=1; sid=x; sidb=2'],
  ])('finds the cookie in %j', (header) => {
    expect(findCookie(header, 'sid')).toEqual(one('x'));
  });

  it.each([
    ['sid=', ''],
    ['sid= ', ''],
    ['sid=;a=1', ''],
    ['sid=a=b==', 'a=b=='],
    ['sid="x"', '"x"'],
    ['sid=a b', 'a b'],
    ['sid=%41', '%41'],
    ['sid=x,y', 'x,y'],
    ['sid=\u2000x\u00a0', '\u2000x\u00a0'],
  ])('returns the value of %j as it was sent', (header, value) => {
    expect(findCookie(header, 'sid')).toEqual(one(value));
  });

  it.each([
    ['no name', '=__Host-sid=x'],
    ['no equals sign', '__Host-sid'],
    ['no equals sign before the next pair', '__Host-sid; =x'],
    ['another case', '__host-SID=x'],
    ['a percent-encoded name', '__Host%2Dsid=x'],
    ['a quoted name', '"__Host-sid"=x'],
    ['a dollar in front', '$__Host-sid=x'],
    ['Unicode white space in front', '\u2000__Host-sid=x'],
    ['a no-break space in front', '\u00a0__Host-sid=x'],
    ['Unicode white space behind', '__Host-sid\u2000=x'],
    ['a line feed in front', '\n__Host-sid=x'],
    ['a vertical tab behind', '__Host-sid\u000b=x'],
    ['a NUL behind', '__Host-sid\0=x'],
    ['one character less', '__Host-si=x'],
    ['one character more', '__Host-sidd=x'],
    ['a comma as separator', 'a=1, __Host-sid=x'],
  ])('does not take for the cookie one with %s', (_, header) => {
    expect(findCookie(header, '__Host-sid')).toEqual(NONE);
  });

  it.each(['$Version', '$Path', '__proto__', 'constructor'])(
    'finds %s as any other name',
    (name) => {
      const header = '$Version=1; $Path=/; __proto__=a; constructor=b; sid=x';

      expect(findCookie(header, name).kind).toBe('one');
      expect(findCookie(header, 'sid')).toEqual(one('x'));
    },
  );

  it.each(['sid=x; sid=y', 'sid=x; sid=x', 'sid=x; sid=', 'sid=;sid=;sid=', 'sid=x; a=1; sid\t=y'])(
    'finds several in %j',
    (header) => {
      expect(findCookie(header, 'sid')).toEqual(SEVERAL);
    },
  );

  it('finds one where the other lacks a name or an equals sign', () => {
    expect(findCookie('=sid=y; sid; sid=x; SID=z', 'sid')).toEqual(one('x'));
  });

  it.each([
    ['other pairs', 'name=value; '],
    ['pairs without an equals sign', 'a;'],
    ['names that begin like it', 'sid;'],
    ['white space', ' '],
    ['semicolons', ';'],
  ])('takes linear time for very many %s', (_, part) => {
    const header = part.repeat(1_000_000);
    const startedAt = performance.now();

    const found = findCookie(`${header};sid=x`, 'sid');

    expect(found).toEqual(one('x'));
    // Quadratic time would be minutes.
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });
});
