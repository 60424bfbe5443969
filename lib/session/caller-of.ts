import { type RequestContext } from '../context/request-context.js';
import { type LiveState, type SessionCarrier } from './live-state.js';

/**
 * The exchange that the running code belongs to, as far as this session is concerned; `'unclear'` where
 * that cannot be told.
 */
export function callerOf(
  { carriers }: LiveState,
  context: RequestContext,
): SessionCarrier | 'unclear' | undefined {
  if (carriers === undefined) return undefined;
  const { holder } = context;
  if (holder !== undefined) {
    const { carrier } = holder;
    return carrier !== undefined && carriers.includes(carrier) ? carrier : undefined;
  }
  const [only, ...others] = carriers;
  if (others.length === 0) return only;
  // Where several share a session, all but the first have a context of their own to be known by. But
  // another node may have given it another uid meanwhile, so that one came by the old and one by the new.
  const [first, ...more] = carriers.filter(({ hasContext }) => !hasContext);
  return more.length === 0 ? first : 'unclear';
}

/** The exchange that ends its own session. Others may do so who are in no request, and hold it, too. */
export function enderOf(live: LiveState, context: RequestContext): SessionCarrier | undefined {
  const caller = callerOf(live, context);
  if (caller === undefined || caller === 'unclear') return undefined;
  const isKnown = context.holder !== undefined;
  return isKnown || !(live.isHandedOut || caller.hasContext) ? caller : undefined;
}
