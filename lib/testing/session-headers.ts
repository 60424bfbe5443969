import { SessionOptionError } from '../errors/session.errors.js';
import { HttpSessions } from '../http/http-sessions.js';
import { type Session } from '../session/session.js';
import { type TestedApp } from './tested-app.js';

/**
 * How the client of a test reaches the application.
 *
 * @publicApi
 */
export interface TestConnection {
  /**
   * Whether over https, as far as the application can tell: to a TLS server, or with an
   * `X-Forwarded-Proto` that it trusts.
   *
   * @default false
   */
  readonly secure?: boolean;
}

/**
 * The request headers that bring a session, whatever carries it in this application: its cookie, its
 * header, or both.
 *
 * @throws SessionOptionError where nothing can: over plain http, if the cookie is always `Secure`
 * @example
 * ```ts
 * await request(app.getHttpServer()).get('/cart').set(sessionHeaders(app, session)).expect(200);
 * await app.inject({ url: '/cart', headers: sessionHeaders(app, session) });
 * ```
 * @publicApi
 */
export function sessionHeaders(
  app: TestedApp,
  session: Session,
  { secure = false }: TestConnection = {},
): Record<string, string> {
  const { transport } = app.get(HttpSessions, { strict: false });
  const headers = transport.headersFor(session.uid, secure);
  if (Object.keys(headers).length > 0) return headers;
  throw new SessionOptionError(
    'secure',
    'must be true here: the session cookie of this application is Secure, and not accepted over plain http. Have the test send X-Forwarded-Proto from a trusted proxy, too.',
  );
}

/**
 * The `Cookie` header that brings a session: the right cookie's name, and the uid.
 *
 * @throws SessionOptionError where the application takes no cookie
 * @example
 * ```ts
 * const session = await app.get(SessionService).makeSession();
 * await request(app.getHttpServer()).get('/cart').set('Cookie', sessionCookie(app, session));
 * ```
 * @publicApi
 */
export function sessionCookie(
  app: TestedApp,
  session: Session,
  connection: TestConnection = {},
): string {
  const { cookie } = sessionHeaders(app, session, connection);
  if (cookie !== undefined) return cookie;
  throw new SessionOptionError(
    'cookie',
    'is not accepted by this application, which takes the uid from a header: use sessionHeaders().',
  );
}
