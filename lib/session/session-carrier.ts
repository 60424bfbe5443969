import { type Session } from './session.js';

/**
 * Something that carries a session to and from its client: one HTTP exchange. A session knows the
 * carriers that use it, so that a new uid is told to the client who asked for it, and to nobody else.
 */
export interface SessionCarrier {
  /** Whether it is too late to tell the client anything. */
  readonly isSealed: boolean;
  /** Whether the code that runs for it can be told by its async context. */
  readonly hasContext: boolean;
  /** The uid by which the client knows the session. It is dead where the session has another by now. */
  readonly uid: string | undefined;
  /** The session that it carries, as far as anybody has asked for that. */
  readonly session: Session | undefined;
  /** The session has a new uid, and this client is to know it. */
  announce(uid: string): void;
  /** What was changed and not saved is lost, so this client is not to be told that all went well. */
  lose(reason: unknown): void;
  /** This client ended the session itself, so that its own unsaved changes are no loss. */
  acceptEnd(): void;
}
