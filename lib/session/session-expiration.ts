import { SessionOptionError } from '../errors/session.errors.js';
import { type Session } from './session.js';

/**
 * Why a session ended. `idle`: nobody touched it; `absolute`: it got too old; `logout`: its user ended
 * it; `revoked`: somebody else did; `limit`: it had to make room; `lost`: the store lost it. An
 * application may use reasons of its own.
 *
 * @publicApi
 */
export type SessionEndReason =
  'idle' | 'absolute' | 'logout' | 'revoked' | 'limit' | 'lost' | (string & {});

/**
 * That a session ended. There is one for each session, with the same `eventId` wherever it is told.
 *
 * @publicApi
 */
export interface SessionExpiration {
  readonly eventId: string;
  /** The session's public handle. */
  readonly id: string;
  readonly reason: SessionEndReason;
  /** When it ended, in Unix seconds. */
  readonly at: number;
  readonly principal?: string;
  /** The ended session: it can no longer be written, but still answers `getComponent()`. */
  readonly session: Session;
}

/** @throws SessionOptionError for what no end can have as its reason; nothing is ended then. */
export function assertReason(reason: unknown): void {
  if (typeof reason === 'string' && reason !== '') return;
  throw new SessionOptionError('reason', 'must be a string that is not empty: why a session ends.');
}
