import { SessionOptionError } from '../errors/session.errors.js';
import { Session } from './session.js';

/**
 * The session that somebody was given or has injected; a stand-in is taken as the session that it stands for now.
 *
 * @param what the name of the argument
 * @throws SessionOptionError for anything else
 */
export function sessionItself(what: string, given: Session): Session {
  const itself = (given as Partial<Session> | null)?.$self;
  if (itself instanceof Session) return itself;
  throw new SessionOptionError(
    what,
    'must be a session: the injected one, or one that SessionService gives.',
  );
}
