import { type AdapterRegistry } from '../componentized/adapter-registry.js';
import { Componentized } from '../componentized/componentized.js';
import { type ComponentStates } from '../components/component-states.js';
import { type SessionRecord } from '../store/session-record.js';
import { type Waiting } from './expiration-listeners.js';
import { type Session } from './session.js';
import { type SessionCarrier } from './session-carrier.js';
import { type SessionExpiration } from './session-expiration.js';

/**
 * What there is behind a session: for the site that keeps it, and not in the types of the package. It is
 * part of the session, since a second object would cost each one memory and each touch a look there. None
 * of it is a property of its own, so whoever copies, compares or prints a session meets no uid; and all its
 * names begin with `$`, lest one is what an application calls something that it puts on a session. What
 * few sessions need is made when it is needed.
 */
export abstract class LiveState extends Componentized {
  readonly #record: SessionRecord;
  /** Its uid, which to look at is no use of it. @internal */
  accessor $uid: string;
  /** `offered`: made for a request that has not used it; `kept`: the service has it; `ended`. @internal */
  accessor $phase: 'offered' | 'kept' | 'ended' = 'offered';
  /** Whether the store has it; `maybe` where its answer got lost. Until then nothing about it is durable. @internal */
  accessor $stored: 'no' | 'maybe' | 'yes' = 'no';
  /** Whether a client has come back with it. @internal */
  accessor $isKnown = false;
  /** Whether its times have moved since the store was told: only where the store is elsewhere. @internal */
  accessor $isTouched = false;
  /** A new timeout that the store was not told yet: only where the store is elsewhere. @internal */
  accessor $retimed: number | undefined;
  /** Whether anybody may hold it who is in no request of its client. @internal */
  accessor $isHandedOut = false;
  /** @internal */
  accessor $expiration: SessionExpiration | undefined;
  /** Who waits for its end, the first who asked. @internal */
  accessor $listeners: Waiting | undefined;
  /** @internal */
  accessor $states: ComponentStates | undefined;
  /** The exchanges that use it now, the earliest first: one at most, but for parallel requests. @internal */
  accessor $carriers: SessionCarrier[] | undefined;
  /** The exchange it was offered to, while it is not kept. @internal */
  accessor $offeredTo: SessionCarrier | undefined;
  /** The commit under way, where the store takes its time. @internal */
  accessor $committing: Promise<void> | undefined;

  constructor(adapters: AdapterRegistry, record: SessionRecord, uid: string) {
    super(adapters);
    this.#record = record;
    this.$uid = uid;
  }

  /** @internal */
  get $record(): SessionRecord {
    return this.#record;
  }

  /** The session whose state it is, also where a stand-in for that is asked. @internal */
  abstract readonly $self: Session;
}
