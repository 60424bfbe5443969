import { BARE, BARE_WITHOUT_COOKIE, CLS, FLOOR, keeper, OURS, REQUEST_SCOPED } from './sides.mjs';

const EXPRESS_SESSION = keeper('express-session', 'express-session', ['express-session']);
const MEMORYSTORE = keeper('memorystore', 'memorystore', ['express-session', 'memorystore']);
const FASTIFY_SESSION = keeper('@fastify/session', 'fastify-session', [
  '@fastify/session',
  '@fastify/cookie',
]);
const IRON_SESSION = keeper('iron-session', 'iron-session', ['iron-session']);

/** What the requests of a comparison do, in words that stand after "ours," and "express-session,". */
export const WORK = {
  itself: 'measured against itself',
  unused: 'nobody asks for the session',
  session: 'the session as a parameter',
  read: 'state read',
  write: 'state written',
  fresh: 'a new session each request',
  constructor: 'injected by constructor',
};

/**
 * What is measured on every framework: `left` as a share of `right`, and where there are floors, each of them
 * as a share of `right` and `left` as a share of it, all in the same turns. Quick runs leave some out.
 */
export function allComparisons() {
  return [
    ...ourOwn('express'),
    ...againstStore('express', EXPRESS_SESSION),
    ...againstOtherStore('express', MEMORYSTORE),
    ...againstCookie('express', IRON_SESSION),
    ...againstInjection('express'),
    ...ourOwn('fastify'),
    ...againstStore('fastify', FASTIFY_SESSION),
    ...againstCookie('fastify', IRON_SESSION),
    ...againstInjection('fastify'),
  ];
}

function ourOwn(framework) {
  return [
    quick(framework, 'itself', BARE, BARE),
    full(framework, 'unused', OURS.unused, BARE),
    full(framework, 'session', OURS.session, BARE),
    quick(framework, 'read', OURS.read, BARE, [FLOOR.read, FLOOR.lookUp]),
    full(framework, 'write', OURS.write, BARE, [FLOOR.write]),
    full(framework, 'fresh', OURS.fresh, BARE_WITHOUT_COOKIE),
    full(framework, 'constructor', OURS.constructor, BARE, [FLOOR.constructor, FLOOR.context]),
  ];
}

function againstStore(framework, { read, write, fresh }) {
  return [
    quick(framework, 'read', read, BARE),
    full(framework, 'write', write, BARE),
    full(framework, 'fresh', fresh, BARE_WITHOUT_COOKIE),
    quick(framework, 'read', OURS.read, read),
    full(framework, 'write', OURS.write, write),
    full(framework, 'fresh', OURS.fresh, fresh),
  ];
}

/** A store for the same library: its own comparison with ours is one too many. */
function againstOtherStore(framework, { read, write, fresh }) {
  return [
    full(framework, 'read', read, BARE),
    full(framework, 'write', write, BARE),
    full(framework, 'fresh', fresh, BARE_WITHOUT_COOKIE),
    full(framework, 'read', OURS.read, read),
  ];
}

function againstCookie(framework, { read, write }) {
  return [
    full(framework, 'read', read, BARE),
    full(framework, 'write', write, BARE),
    full(framework, 'read', OURS.read, read),
    full(framework, 'write', OURS.write, write),
  ];
}

function againstInjection(framework) {
  return [CLS, REQUEST_SCOPED].flatMap((peer) => [
    full(framework, 'constructor', peer, BARE_WITHOUT_COOKIE),
    full(framework, 'constructor', OURS.constructor, peer),
  ]);
}

function quick(framework, work, left, right, floors = []) {
  return { framework, work, left, right, floors, isQuick: true };
}

function full(framework, work, left, right, floors = []) {
  return { framework, work, left, right, floors, isQuick: false };
}
