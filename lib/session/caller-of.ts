import { type RequestContext } from '../context/request-context.js';
import { type Session } from './session.js';
import { type SessionCarrier } from './session-carrier.js';

/**
 * The exchange that the running code belongs to, as far as this session is concerned; `undefined` where
 * it belongs to none, and `'unclear'` where that cannot be told.
 */
export function callerOf(
  session: Session,
  context: RequestContext,
): SessionCarrier | 'unclear' | undefined {
  const carriers = session.$carriers;
  if (carriers === undefined) return undefined;
  const { holder } = context;
  if (holder !== undefined) {
    const { carrier } = holder;
    return carrier !== undefined && carriers.includes(carrier) ? carrier : undefined;
  }
  if (context.isLeft) return undefined;
  // Where several share a session, all but the first have a context of their own to be known by. But one
  // may have come by another uid, which the session was given meanwhile.
  const [first, ...more] = carriers.filter(({ hasContext }) => !hasContext);
  if (first === undefined) return undefined;
  return more.length === 0 && !session.$isHandedOut ? first : 'unclear';
}

/** The exchange that ends its own session, where that is certain. */
export function enderOf(session: Session, context: RequestContext): SessionCarrier | undefined {
  const caller = callerOf(session, context);
  return caller === 'unclear' ? undefined : caller;
}
