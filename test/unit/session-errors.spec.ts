import { HttpException } from '@nestjs/common';
import { inspect } from 'node:util';
import * as core from 'nestjs-live-session';
import { bootService } from '../support/boot-service.js';
import { Cart } from '../support/cart.js';

const CAUSE = new Error('connection refused');

/** Every error of the package: how it is made, its code, and the status that a client sees. */
const ERRORS: readonly (readonly [core.SessionError, string, number])[] = [
  [new core.SessionNotFoundError(), 'SESSION_NOT_FOUND', 401],
  [new core.SessionRequiredError('session'), 'SESSION_REQUIRED', 401],
  [new core.SessionRequiredError('principal'), 'SESSION_REQUIRED', 401],
  [new core.SessionRequiredError('recent login'), 'SESSION_REQUIRED', 401],
  [new core.SessionRequiredError('level'), 'SESSION_REQUIRED', 401],
  [new core.SessionExpiredError('id', 'idle'), 'SESSION_EXPIRED', 409],
  [new core.SessionExpiredError('id'), 'SESSION_EXPIRED', 409],
  [new core.SessionConflictError('id', ['cart']), 'SESSION_CONFLICT', 409],
  [new core.SessionLimitError(3), 'SESSION_LIMIT', 409],
  [new core.SessionTooLargeError('session', 10), 'SESSION_TOO_LARGE', 413],
  [new core.SessionTooLargeError('cart', 10), 'SESSION_TOO_LARGE', 413],
  [new core.SessionStoreUnavailableError(CAUSE), 'SESSION_STORE_UNAVAILABLE', 503],
  [new core.SessionNotLoadedError(), 'SESSION_NOT_LOADED', 500],
  [new core.NoCurrentSessionError('The injected Cart'), 'NO_CURRENT_SESSION', 500],
  [new core.SessionHeadersSentError('login()'), 'SESSION_HEADERS_SENT', 500],
  [new core.SessionOptionError('header', 'must be: so.', CAUSE), 'SESSION_OPTION_INVALID', 500],
  [new core.SessionStateError('cart', 'must be: so.', CAUSE), 'SESSION_STATE_INVALID', 500],
  [new core.SessionComponentError('Cart', 'must be: so.', CAUSE), 'SESSION_COMPONENT_INVALID', 500],
  [new core.CannotAdaptError('Session', 'ICart'), 'CANNOT_ADAPT', 500],
  [new core.DuplicateAdapterError('A', 'B', 'Session', 'ICart'), 'DUPLICATE_ADAPTER', 500],
  [new core.AlreadyCancelledError('cancel'), 'ALREADY_CANCELLED', 500],
  [new core.AlreadyCalledError('reset'), 'ALREADY_CALLED', 500],
];

const rows = ERRORS.map(([error, code, status]) => ({ name: error.name, error, code, status }));

describe.each(rows)('$name ($error.message)', ({ error, code, status, name }) => {
  it('has its stable code', () => {
    expect(error.code).toBe(code);
  });

  it('is a SessionError, an HttpException and an Error', () => {
    for (const type of [core.SessionError, HttpException, Error])
      expect(error).toBeInstanceOf(type);
  });

  it('is named as its class', () => {
    expect(name).toBe(error.constructor.name);
    expect(Object.keys(core)).toContain(name);
  });

  it('has its HTTP status', () => {
    expect(error.getStatus()).toBe(status);
  });

  it('says what happened and, after it, the way out', () => {
    expect(error.message).toMatch(/^\S.{10,}[.:;] .*\.$|^\w+ must be: so\.$/);
  });

  it('tells a client the status and the code', () => {
    expect(error.getResponse()).toMatchObject({ statusCode: status, code });
  });

  it('tells a client the message unless it is an error of the programme', () => {
    const shown = status === 500 ? 'Internal Server Error' : error.message;

    expect(error.getResponse()).toMatchObject({ message: shown });
  });
});

describe('SessionError', () => {
  it('is the root of every error that the package exports', () => {
    const exported = Object.keys(core).filter((name) => name.endsWith('Error'));

    const covered = new Set(['SessionError', ...rows.map(({ name }) => name)]);

    expect([...covered].sort()).toEqual(exported.sort());
  });

  it('keeps the error that led to it', () => {
    const withCause = rows.filter(({ error }) => error.cause !== undefined);

    expect(withCause.map(({ error }) => error.cause)).toEqual([CAUSE, CAUSE, CAUSE, CAUSE]);
  });

  it('can be the root of an application’s own errors', () => {
    class CartFullError extends core.SessionError {
      constructor() {
        super('CART_FULL', 'The cart is full: check out first.', { status: 409 });
      }
    }

    const error = new CartFullError();

    expect(error).toMatchObject({ name: 'CartFullError', code: 'CART_FULL' });
    expect(error.getStatus()).toBe(409);
  });
});

describe('the uid', () => {
  /** All that there is to see of an error. */
  const shown = (error: unknown): string =>
    inspect(error, { depth: Infinity, showHidden: true }) + JSON.stringify(error) + String(error);

  const rejection = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => undefined,
      (error: unknown) => error,
    );

  const setup = async () => {
    const { sessions } = await bootService({
      options: { maxComponentBytes: 100, maxPerPrincipal: { limit: 1, policy: 'refuse' } },
      components: [Cart],
    });
    const session = await sessions.makeSession();
    const { uid } = session;
    return { sessions, session, uid };
  };

  it('is not in the error of a look-up', async () => {
    const { sessions, uid } = await setup();
    const absent = `${uid.slice(1)}A`;

    const error = await rejection(sessions.getSession(absent));

    expect(error).toBeInstanceOf(core.SessionNotFoundError);
    expect(shown(error)).not.toContain(absent);
  });

  it.each<[string, (session: core.Session) => Promise<unknown>]>([
    ['save()', (session) => session.save()],
    ['regenerate()', (session) => session.regenerate()],
    ['login()', (session) => session.login('ada')],
    ['update()', (session) => session.update(Cart, (cart) => cart.add('tea'))],
  ])('is not in the error of %s after the end', async (_, write) => {
    const { session, uid } = await setup();
    await session.expire();

    const error = await rejection(write(session));

    expect(error).toBeInstanceOf(core.SessionExpiredError);
    expect(shown(error)).not.toContain(uid);
  });

  it.each<[core.SessionError['code'], (session: core.Session) => Promise<unknown>]>([
    ['SESSION_LIMIT', (session) => session.login('bob')],
    ['SESSION_OPTION_INVALID', (session) => session.login('')],
    ['SESSION_OPTION_INVALID', async (session) => (session.sessionTimeout = Number.NaN)],
    ['SESSION_TOO_LARGE', (session) => session.update(Cart, (cart) => cart.add('x'.repeat(200)))],
    [
      'SESSION_STATE_INVALID',
      (session) => session.update(Cart, ({ items }) => items.push((() => {}) as never)),
    ],
    ['CANNOT_ADAPT', async (session) => core.adapt(session, 'tenant')],
    ['CANNOT_ADAPT', (session) => session.update('tenant', () => {})],
  ])('is not in %s', async (code, fail) => {
    const { sessions, session, uid } = await setup();
    await (await sessions.makeSession()).login('bob');

    const error = await rejection(fail(session));

    expect(error).toMatchObject({ code });
    expect(shown(error)).not.toContain(uid);
  });
});
