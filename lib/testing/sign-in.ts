import { type Session } from '../session/session.js';
import { type LoginOptions } from '../session/session-keeper.js';
import { SessionService } from '../session/session.service.js';
import { inSession } from './in-session.js';
import { sessionHeaders, type TestConnection } from './session-headers.js';
import { type TestedApp } from './tested-app.js';

/**
 * How a session is prepared for a test.
 *
 * @publicApi
 */
export interface TestSessionOptions extends TestConnection {
  /** Fills the session's components. Runs as {@link inSession} does, and may be `async`. */
  readonly prepare?: (session: Session) => unknown;
}

/**
 * A session that a test has prepared, and how a client brings it.
 *
 * @publicApi
 */
export interface TestSession {
  readonly session: Session;
  /** What a client sends: `.set(headers)` in supertest, `{ headers }` in `app.inject()`. */
  readonly headers: Record<string, string>;
  /** The `Cookie` header alone; empty where the application has `cookie: false`. */
  readonly cookie: string;
}

/**
 * The session of a visitor who is not logged in, with components prepared.
 *
 * @example
 * ```ts
 * const { headers } = await startSession(app, {
 *   prepare: (session) => session.getComponent(ICart).add('tea'),
 * });
 * await request(app.getHttpServer()).get('/cart').set(headers).expect({ items: ['tea'] });
 * ```
 * @publicApi
 */
export async function startSession(
  app: TestedApp,
  options: TestSessionOptions = {},
): Promise<TestSession> {
  return prepared(app, await sessionsOf(app).makeSession(), options);
}

/**
 * The session of a principal who has just logged in, past the application's own login, with components
 * prepared.
 *
 * @throws SessionLimitError where `maxPerPrincipal` refuses another session
 * @example
 * ```ts
 * const { session, cookie } = await signIn(app, 'ada', { level: 'mfa' });
 * await request(app.getHttpServer()).get('/me').set('Cookie', cookie).expect(200);
 * await session.expire();
 * await request(app.getHttpServer()).get('/me').set('Cookie', cookie).expect(401);
 * ```
 * @publicApi
 */
export async function signIn(
  app: TestedApp,
  principal: string,
  { level, ...options }: TestSessionOptions & LoginOptions = {},
): Promise<TestSession> {
  const session = await sessionsOf(app).makeSession();
  await session.login(principal, { level });
  return prepared(app, session, options);
}

async function prepared(
  app: TestedApp,
  session: Session,
  { prepare, ...connection }: TestSessionOptions,
): Promise<TestSession> {
  const headers = sessionHeaders(app, session, connection);
  await inSession(app, session, () => prepare?.(session));
  return { session, headers, cookie: headers['cookie'] ?? '' };
}

function sessionsOf(app: TestedApp): SessionService {
  return app.get(SessionService, { strict: false });
}
