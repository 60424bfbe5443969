import { type Session } from '../session/session.js';
import { SessionRequiredError } from '../errors/session.errors.js';

/** The metadata key of a {@link SessionRequirement}. */
export const REQUIREMENT = Symbol('session requirement');

/** What a request has to bring. A live session is always required. */
export interface SessionRequirement {
  /** Whether somebody has to be logged in. @default false */
  readonly principal?: boolean;
  /** How long ago the login may be, in seconds. Implies `principal`. @default any time */
  readonly freshWithin?: number;
  /** The level that the login has to have. Implies `principal`. @default any */
  readonly level?: string;
}

/** @throws SessionRequiredError that says what is missing. @param now Unix seconds */
export function checkRequirement(
  session: Session | undefined,
  { principal = false, freshWithin, level }: SessionRequirement,
  now: number,
): void {
  if (session === undefined || session.isExpired) throw new SessionRequiredError('session');
  const isLoginNeeded = principal || freshWithin !== undefined || level !== undefined;
  if (isLoginNeeded && session.principal === undefined) throw new SessionRequiredError('principal');
  if (level !== undefined && session.level !== level) throw new SessionRequiredError('level');
  if (freshWithin !== undefined && now - (session.loggedInAt ?? 0) > freshWithin) {
    throw new SessionRequiredError('recent login');
  }
}
