import { type Observable } from 'rxjs';
import { type Awaitable } from '../awaitable.js';
import { type Reactor } from '../reactor/reactor.js';
import { type RandomSource } from '../session/random-source.js';
import { uidKey } from '../session/uid.js';
import { type ExpirationWork } from './expiration-work.js';
import { type SessionRecord } from './session-record.js';

/** How many sessions one principal may have, and what happens to the one too many. */
export interface PrincipalLimit {
  readonly limit: number;
  readonly policy: 'refuse' | 'end-oldest';
}

/** What a store is told when it starts. */
export interface SessionStoreSettings {
  /** The time of an embedded store. A store with a clock of its own uses that instead. */
  readonly reactor: Reactor;
  readonly random: RandomSource;
  /** The most sessions there may be; `undefined` for no limit. */
  readonly maxSessions: number | undefined;
  readonly maxPerPrincipal: PrincipalLimit | undefined;
}

/** That a session ended: emitted once for each, after it is gone from the store. */
export interface SessionEnd {
  /** The same wherever and however often this end is told. */
  readonly eventId: string;
  readonly record: SessionRecord;
  readonly reason: string;
  /** Unix seconds. */
  readonly at: number;
}

/** A change to one component's stored state. */
export interface ComponentChange {
  /** `name@version`. */
  readonly key: string;
  /** The new text; `undefined` removes the component. */
  readonly text: string | undefined;
  /** The revision that the change was made from; 0 where there was none. */
  readonly revision: number;
}

/** What one request, job or script changed: saved together or not at all. */
export interface SessionChange {
  /** The last touch, where it moved. */
  readonly lastModified?: number;
  readonly sessionTimeout?: number;
  readonly components?: readonly ComponentChange[];
  /** The key of the new uid; the old one is dead from then on. */
  readonly rotatedTo?: string;
  /**
   * Of a rotation: when the last login was that its asker knows of, in Unix seconds; 0 where there was
   * none. Where there has been another since, the change is a conflict in `uid@1`: the session may be
   * somebody else's by now, who must not lose it to whoever had it before.
   */
  readonly lastLogin?: number;
  readonly login?: {
    readonly principal: string;
    readonly level: string | undefined;
    readonly at: number;
  };
}

/** What became of a {@link SessionChange}. */
export type SessionCommit =
  | { readonly kind: 'saved' }
  | { readonly kind: 'ended'; readonly reason: string | undefined }
  | { readonly kind: 'conflict'; readonly components: readonly string[] }
  | { readonly kind: 'refused'; readonly limit: number };

/** Which sessions a listing is about. */
export interface SessionFilter {
  /** Only the sessions of this principal. */
  readonly principal?: string;
  /** Only those after the session with this id, in the order of creation. */
  readonly after?: string;
  /** At most this many. */
  readonly limit?: number;
}

/**
 * Where sessions are kept. Absence is not an error: what is not there, or has ended, is `undefined`
 * or a kind of answer. A store that cannot be asked throws `SessionStoreUnavailableError`.
 *
 * Nothing but {@link create} creates: no other operation may bring back a session that has ended, in
 * any interleaving. Whoever meets an overdue session ends it there and then, by the same path and
 * with the same event as the sweep.
 *
 * Most applications pass a ready-made store to `SessionModule.forRoot()` and never call this.
 *
 * @publicApi
 */
export abstract class SessionStore {
  /** Whether records live in this process, so that every operation is complete when it returns. */
  readonly embedded: boolean = false;

  /** Every end, once, in order. It is emitted after the session is gone from the store. */
  abstract readonly ends$: Observable<SessionEnd>;

  /** How each end gets handled once, where the store has many nodes. */
  readonly work: ExpirationWork | undefined = undefined;

  /** How to find sessions by anything but their uid. */
  abstract readonly directory: SessionDirectory;

  /** What the store keeps in place of a uid: by default its SHA-256, as base64url. */
  keyOf(uid: string): string {
    return uidKey(uid);
  }

  /**
   * What a node's time is by the clock that the store judges by; both are Unix seconds. By default the
   * same: that of an embedded store, whose clock is the node's.
   */
  timeAt(nodeTime: number): number {
    return nodeTime;
  }

  /**
   * Whether a session can be given this key; where it cannot, the site draws another uid. A store whose
   * records cannot leave the place that their key puts them in refuses those of other places. By default
   * any key will do.
   */
  accepts(_record: SessionRecord, _key: string): boolean {
    return true;
  }

  /**
   * The one record that this process holds of the session with a key, as far as is known without asking
   * anybody: while a store takes its time, a request learns by it who else is using the session here. By
   * default that is unknown, and each of them pays for an async context of its own.
   */
  held(_key: string): SessionRecord | 'unknown' | undefined {
    return 'unknown';
  }

  /** Begins to work and to sweep. Called once, at boot; a second call is an error. */
  abstract start(settings: SessionStoreSettings): Awaitable<void>;

  /** Lets go of timers and connections. Ends no session. */
  abstract stop(): Awaitable<void>;

  /** Keeps a new session. An existing key is never overwritten: that is an error. */
  abstract create(record: SessionRecord): Awaitable<void>;

  /**
   * The live session of a key, or `undefined`. With `touch` it is touched in the same step. With
   * `secure` given, a session that belongs to the other scheme is as good as absent. `'rotated'` where
   * a rotation has replaced the key a moment ago: it is dead, but whoever brings it may have crossed
   * the answer that brings the new one, and is not told to forget that.
   */
  abstract open(
    key: string,
    touch: boolean,
    secure?: boolean,
  ): Awaitable<SessionRecord | 'rotated' | undefined>;

  /**
   * Applies a change to a live session, all of it or nothing, and to the record object on success. On a
   * conflict the record object is brought up to date with what others have saved.
   */
  abstract commit(record: SessionRecord, change: SessionChange): Awaitable<SessionCommit>;

  /** Ends a session. One that has ended already is left alone. */
  abstract end(record: SessionRecord, reason: string): Awaitable<void>;
}

/**
 * The sessions by public handle and by principal.
 *
 * @publicApi
 */
export abstract class SessionDirectory {
  /** The live session with a public handle, or `undefined`. */
  abstract find(id: string): Awaitable<SessionRecord | undefined>;

  /** How many sessions are alive. */
  abstract count(): Awaitable<number>;

  /** The live sessions in the order of creation; what ends while it is read may or may not be in it. */
  abstract list(filter: SessionFilter): AsyncIterable<SessionRecord>;

  /**
   * Ends every session of a principal but `except`, those that are being created meanwhile too.
   * Returns how many it ended.
   */
  abstract endAll(
    principal: string,
    reason: string,
    except: SessionRecord | undefined,
  ): Awaitable<number>;
}
