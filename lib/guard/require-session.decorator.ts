import { applyDecorators, SetMetadata, UseGuards } from '@nestjs/common';
import { SessionOptionError } from '../errors/session.errors.js';
import { SessionGuard } from './session.guard.js';
import { REQUIREMENT, type SessionRequirement } from './session-requirement.js';

/**
 * Lets only requests with a session to a handler or a whole controller; others are answered 401. It
 * never makes a session.
 *
 * @example
 * ```ts
 * @RequireSession({ principal: true })
 * @RequireSession({ freshWithin: 300 })
 * ```
 * @publicApi
 */
export function RequireSession(
  requirement: SessionRequirement = {},
): MethodDecorator & ClassDecorator {
  const { freshWithin } = requirement;
  if (freshWithin !== undefined && !(Number.isFinite(freshWithin) && freshWithin > 0)) {
    throw new SessionOptionError('freshWithin', 'must be a positive number of seconds.');
  }
  return applyDecorators(SetMetadata(REQUIREMENT, requirement), UseGuards(SessionGuard));
}
