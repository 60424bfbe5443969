import { randomBytes } from 'node:crypto';

const NAME = 'sid=';

/** The uid that a request brings in its cookie, found without looking at the other cookies. */
export function uidOf({ headers: { cookie = '' } }) {
  let start = cookie.indexOf(NAME);
  while (start > 0 && cookie[start - 1] !== ' ') start = cookie.indexOf(NAME, start + 1);
  if (start === -1) return undefined;
  const end = cookie.indexOf(';', start);
  return cookie.slice(start + NAME.length, end === -1 ? undefined : end);
}

/** A new uid, of which the response tells the client. */
export function giveUid(response) {
  const uid = randomBytes(32).toString('base64url');
  response.header('Set-Cookie', `${NAME}${uid}; Path=/; HttpOnly`);
  return uid;
}

/** The least that a session in memory can be: a record in a Map, found by the cookie, and when that was. */
export class Visitors {
  #records = new Map();

  add(response) {
    const record = { visits: 1, kept: 1, lastModified: 0 };
    this.#records.set(giveUid(response), record);
    return record;
  }

  find(request) {
    const record = this.#records.get(uidOf(request));
    record.lastModified = performance.now();
    return record;
  }
}
