/**
 * One side of a comparison: whose it is, which route of which variant, where its clients get their
 * session first, and the packages without which it cannot run.
 */
const side = (name, variant, path, { login, hasCookie = false, needs = [] } = {}) => ({
  name,
  variant,
  path,
  login,
  hasCookie,
  needs,
});

const KNOWN = '/write';

/** It has no use for a cookie, but is sent one, unless the other side is sent none. */
export const BARE = side('bare', 'bare', '/plain', { hasCookie: true });
export const BARE_WITHOUT_COOKIE = side('bare', 'bare', '/plain');

export const OURS = {
  unused: side('ours', 'ours', '/plain', { login: KNOWN }),
  session: side('ours', 'ours', '/session', { login: KNOWN }),
  constructor: side('ours', 'ours-constructor', '/read', { login: KNOWN }),
  ...keeper('ours', 'ours', []),
};

/** What the machine itself charges: see `support/floors.mjs`. */
export const FLOOR = {
  lookUp: side('look-up', 'floor', '/lookUp', { login: '/login' }),
  context: side('context', 'floor-constructor', '/plain', { hasCookie: true }),
  constructor: side('floor', 'floor-constructor', '/read', { login: '/login' }),
  ...floor('floor'),
};

export const CLS = side('nestjs-cls', 'nestjs-cls', '/plain', { needs: ['nestjs-cls'] });
export const REQUEST_SCOPED = side('a request-scoped provider', 'request-scoped', '/plain');

/** What keeps a session: what it does with a known one, and with a new one. */
export function keeper(name, variant, needs) {
  return {
    read: side(name, variant, '/read', { login: KNOWN, needs }),
    write: side(name, variant, '/write', { login: KNOWN, needs }),
    fresh: side(name, variant, '/write', { needs }),
  };
}

/** What keeps a session with the least that it takes. */
export function floor(variant) {
  return {
    read: side('floor', variant, '/read', { login: '/login' }),
    write: side('floor', variant, '/write', { login: '/login' }),
  };
}
