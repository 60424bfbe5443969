/** One side of a comparison: a route of a variant, and where its clients get their session first. */
const side = (variant, path, login) => ({ variant, path, login });

/** It has no use for a cookie, but is sent one, unless the other side is sent none. */
const BARE = { ...side('bare', '/plain'), hasCookie: true };
const BARE_WITHOUT_COOKIE = side('bare', '/plain');
const KNOWN = '/write';

const OURS = {
  untouched: side('ours', '/plain', KNOWN),
  session: side('ours', '/session', KNOWN),
  read: side('ours', '/read', KNOWN),
  write: side('ours', '/write', KNOWN),
  fresh: side('ours', '/write'),
  injected: side('ours-constructor', '/read', KNOWN),
};

const peer = (variant) => ({
  read: side(variant, '/read', KNOWN),
  write: side(variant, '/write', KNOWN),
  fresh: side(variant, '/write'),
});

/** The peers that a framework has, beside those that run on both. */
const PEERS = {
  express: ['express-session', 'memorystore'],
  fastify: ['fastify-session'],
};

/** What is measured on a framework: `left` as a share of `right`. Quick runs leave some out. */
export function comparisonsOn(framework, isQuick) {
  const all = [
    quick('bare (what noise looks like)', BARE, BARE),
    quick('ours, nobody asks for the session', OURS.untouched, BARE),
    quick('ours, the session as a parameter', OURS.session, BARE),
    quick('ours, a component read', OURS.read, BARE),
    quick('ours, a component written', OURS.write, BARE),
    quick('ours, injected by constructor', OURS.injected, BARE),
    full('ours, a new session each request', OURS.fresh, BARE_WITHOUT_COOKIE),
    ...PEERS[framework].flatMap((name) => againstStore(name, peer(name))),
    ...againstCookie('iron-session', peer('iron-session')),
    full('nestjs-cls', side('nestjs-cls', '/plain'), BARE_WITHOUT_COOKIE),
    full('ours by constructor, to nestjs-cls', OURS.injected, side('nestjs-cls', '/plain')),
  ];
  return all.filter((comparison) => comparison.isQuick || !isQuick);
}

function againstStore(name, { read, write, fresh }) {
  return [
    full(`${name}, read`, read, BARE),
    full(`${name}, written`, write, BARE),
    full(`${name}, a new session each request`, fresh, BARE_WITHOUT_COOKIE),
    quick(`ours, a component read, to ${name}`, OURS.read, read),
    full(`ours, a component written, to ${name}`, OURS.write, write),
    full(`ours, a new session each request, to ${name}`, OURS.fresh, fresh),
  ];
}

function againstCookie(name, { read, write }) {
  return [
    full(`${name}, read`, read, BARE),
    full(`${name}, written`, write, BARE),
    full(`ours, a component read, to ${name}`, OURS.read, read),
    full(`ours, a component written, to ${name}`, OURS.write, write),
  ];
}

function quick(name, left, right) {
  return { name, left, right, isQuick: true };
}

function full(name, left, right) {
  return { name, left, right, isQuick: false };
}
