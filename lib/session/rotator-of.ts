import { SessionConflictError, SessionHeadersSentError } from '../errors/session.errors.js';
import { callerOf } from './caller-of.js';
import { type Session } from './session.js';
import { type SessionCarrier } from './session-carrier.js';
import { type Login } from './session-keeper.js';
import { type SiteParts } from './site-parts.js';

/**
 * The exchange that asks for a new uid of a session and is to be told of it, if any does.
 *
 * A client whose uid has died since it came, because somebody logged in, must not get hold of what is
 * theirs now. Whoever logs in as the same principal, as by a second click, may.
 *
 * @throws SessionConflictError where that is so, or where nothing tells which exchange it is: a new uid that
 *   went to the wrong one would be a session taken over.
 * @throws SessionHeadersSentError where it is too late to tell the client.
 */
export function rotatorOf(
  session: Session,
  { context, store }: SiteParts,
  login: Login | undefined,
): SessionCarrier | undefined {
  const { id, key, principal } = session.$record;
  const carrier = callerOf(session, context);
  if (carrier === 'unclear') throw new SessionConflictError(id, ['uid']);
  if (carrier?.isSealed === true) {
    throw new SessionHeadersSentError(login === undefined ? 'regenerate()' : 'login()');
  }
  if (carrier?.uid === undefined || principal === undefined) return carrier;
  // By its key, and not by the uid that is known here: of a rotation elsewhere a node hears without that.
  if (store.keyOf(carrier.uid) === key || login?.principal === principal) return carrier;
  throw new SessionConflictError(id, ['uid']);
}
