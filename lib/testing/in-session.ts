import { type Session } from '../session/session.js';
import { SessionService } from '../session/session.service.js';
import { type TestedApp } from './tested-app.js';

/**
 * Runs code as a request with this session would, without HTTP: what is injected in constructors stands
 * for this session, and what the code changed is saved when it is done. Where it throws, nothing is.
 *
 * @example
 * ```ts
 * const total = await inSession(app, session, () => app.get(CheckoutService).total());
 * ```
 * @publicApi
 */
export async function inSession<T>(
  app: TestedApp,
  session: Session,
  fn: () => T,
): Promise<Awaited<T>> {
  const result = await app.get(SessionService, { strict: false }).run(session, fn);
  if (!session.isExpired) await session.save();
  return result;
}
