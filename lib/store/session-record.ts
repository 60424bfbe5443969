/** One component's saved state. */
export interface StoredComponent {
  /** Its state as text, as the state codec writes it. */
  readonly text: string;
  /**
   * Which write it is: greater than all before, those of a component that was removed included. A save that
   * names another one is a conflict.
   */
  readonly revision: number;
}

/**
 * What is known of one session: plain data, the shape in which stores keep it. All instants are Unix
 * seconds, all durations seconds.
 *
 * A store hands out one record object a session and node, for as long as somebody on the node holds
 * it; so everybody on a node sees the same one.
 *
 * @publicApi
 */
export interface SessionRecord {
  /** What the store finds it by: derived from the uid, changed by a rotation. */
  key: string;
  /** The public handle, for life. Sorts by creation. */
  readonly id: string;
  /** Whether it was made over TLS; `undefined` where it was made outside of a request. */
  readonly secure: boolean | undefined;
  readonly createdAt: number;
  /** The last touch. */
  lastModified: number;
  /** How long it may be idle. */
  sessionTimeout: number;
  /** How long it may live since it was made, or since the last login. */
  readonly absoluteTimeout: number;
  principal: string | undefined;
  /** The strength of the last login, in the application's words. */
  level: string | undefined;
  loggedInAt: number | undefined;
  /** The states of its components, by `name@version`. */
  components: ReadonlyMap<string, StoredComponent> | undefined;
  /** Why it ended; set by the store as it ends it. */
  ended: string | undefined;
  /** The live object that stands for it on this node. The library's own: a store leaves it alone. */
  live: unknown;
}

/** When the absolute timeout ends the session, whatever happens: counted from the last login. */
export function absoluteEndOf(record: SessionRecord): number {
  return (record.loggedInAt ?? record.createdAt) + record.absoluteTimeout;
}

/** When the session ends if nobody touches it any more. */
export function deadlineOf(record: SessionRecord): number {
  return Math.min(record.lastModified + record.sessionTimeout, absoluteEndOf(record));
}

/** A session ends *at* its deadline, not after it. */
export function isOverdue(record: SessionRecord, now: number): boolean {
  return now >= deadlineOf(record);
}

/** Which of the two timeouts is the one that ends it. */
export function overdueReason(record: SessionRecord): 'idle' | 'absolute' {
  return absoluteEndOf(record) <= record.lastModified + record.sessionTimeout ? 'absolute' : 'idle';
}

/** A session made over http is never accepted over https, nor the other way round. */
export function isReachable(record: SessionRecord, secure: boolean | undefined): boolean {
  return record.secure === undefined || secure === undefined || record.secure === secure;
}
