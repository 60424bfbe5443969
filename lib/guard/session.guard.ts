import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { type Awaitable, whenReady } from '../awaitable.js';
import { exchangeOf } from '../injection/exchange-of.js';
import { checkRequirement, REQUIREMENT, type SessionRequirement } from './session-requirement.js';

/**
 * Answers 401 to requests without a session. `@RequireSession()` applies it and says what else is
 * required; by itself it requires a session.
 *
 * @publicApi
 */
@Injectable()
export class SessionGuard implements CanActivate {
  canActivate(context: ExecutionContext): Awaitable<boolean> {
    const exchange = exchangeOf(context);
    const requirement = requirementOf(context);
    return whenReady(exchange.open(), (session) => {
      checkRequirement(session, requirement, exchange.now());
      return true;
    });
  }
}

/** A handler's requirement comes before that of its class. */
function requirementOf(context: ExecutionContext): SessionRequirement {
  return (
    Reflect.getMetadata(REQUIREMENT, context.getHandler()) ??
    Reflect.getMetadata(REQUIREMENT, context.getClass()) ??
    {}
  );
}
