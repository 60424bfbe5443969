import { HttpSessions } from '../http/http-sessions.js';
import { type Session } from '../session/session.js';
import { SessionService } from '../session/session.service.js';
import { type TestedApp } from './tested-app.js';

/**
 * What is read of a response: one of supertest, of `app.inject()`, or Node's own.
 *
 * @publicApi
 */
export interface TestResponse {
  readonly headers: Readonly<Record<string, unknown>>;
}

/**
 * The session that a response gave to its client: the one that the client would come back with.
 * `undefined` where it gave none, took one away, or the session has ended since.
 *
 * @example
 * ```ts
 * const response = await request(app.getHttpServer()).post('/cart').send({ sku: 'tea' });
 * const session = await sessionFrom(app, response);
 * expect(session?.getComponent(ICart).items).toEqual(['tea']);
 * ```
 * @publicApi
 */
export async function sessionFrom(
  app: TestedApp,
  { headers }: TestResponse,
): Promise<Session | undefined> {
  const { transport } = app.get(HttpSessions, { strict: false });
  const request = { headers: { ...headers, cookie: sentBack(headers['set-cookie']) } };
  for (const secure of [false, true]) {
    const credentials = transport.read(request, secure);
    if (credentials.kind === 'uid') {
      return app.get(SessionService, { strict: false }).findSession(credentials.uid);
    }
  }
  return undefined;
}

/** The `Cookie` header by which a client sends back the cookies that it was given. */
function sentBack(setCookie: unknown): string {
  return [setCookie]
    .flat()
    .filter((cookie) => typeof cookie === 'string')
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; ');
}
