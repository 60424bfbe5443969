import { type ComponentStates } from '../components/component-states.js';
import { type SessionRecord } from '../store/session-record.js';
import { type Waiting } from './expiration-listeners.js';
import { type Session } from './session.js';
import { type SessionExpiration } from './session-expiration.js';

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
  /** The session has a new uid, and this client is to know it. */
  announce(uid: string): void;
  /** What was changed and not saved is lost, so this client is not to be told that all went well. */
  lose(reason: unknown): void;
  /** This client ended the session itself, so that its own unsaved changes are no loss. */
  acceptEnd(): void;
}

/**
 * What there is behind a {@link Session}: shared by the object that the application holds and the
 * site that keeps it, and seen by nobody else. What few sessions need is made when it is needed.
 */
export interface LiveState {
  readonly session: Session;
  readonly record: SessionRecord;
  uid: string;
  /** `offered`: made for a request that has not used it; `kept`: the service has it; `ended`. */
  phase: 'offered' | 'kept' | 'ended';
  /** Whether the store has it. Until then nothing about it is durable. */
  isStored: boolean;
  /** Whether no client has come back with it yet. */
  isNew: boolean;
  /** Whether its times have moved since the store was told: only where the store is elsewhere. */
  isTouched: boolean;
  /** A new timeout that the store was not told yet: only where the store is elsewhere. */
  retimed: number | undefined;
  /** Whether anybody may hold it who is in no request of its client. */
  isHandedOut: boolean;
  expiration: SessionExpiration | undefined;
  /** Who waits for its end, the first who asked. */
  listeners: Waiting | undefined;
  states: ComponentStates | undefined;
  /** The exchanges that use it now, the earliest first: one at most, but for parallel requests. */
  carriers: SessionCarrier[] | undefined;
  /** The exchange it was offered to, while it is not kept. */
  offeredTo: SessionCarrier | undefined;
  /** The commit under way, where the store takes its time. */
  committing: Promise<void> | undefined;
}

/** What is behind a session that nobody has used yet. */
export function liveStateOf(session: Session, record: SessionRecord, uid: string): LiveState {
  return {
    session,
    record,
    uid,
    phase: 'offered',
    isStored: false,
    isNew: true,
    isTouched: false,
    retimed: undefined,
    isHandedOut: false,
    expiration: undefined,
    listeners: undefined,
    states: undefined,
    carriers: undefined,
    offeredTo: undefined,
    committing: undefined,
  };
}
