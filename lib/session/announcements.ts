import { type Observable, Subject } from 'rxjs';
import { IsolatedObservable } from './isolated-observable.js';
import { type LiveState } from './live-state.js';
import { type Session } from './session.js';
import { type SessionExpiration } from './session-expiration.js';

/** What a site tells everybody: of each session that is made, and of each end. */
export class Announcements {
  readonly #created = new Subject<Session>();
  readonly #expired = new Subject<SessionExpiration>();
  /** The ends that are being told, in their order. */
  readonly #telling: SessionExpiration[] = [];

  readonly create$: Observable<Session>;
  readonly expire$: Observable<SessionExpiration>;

  /** @param report is told what somebody throws who is told */
  constructor(report: (error: unknown) => void) {
    const shared = <T>(subject: Subject<T>): Observable<T> =>
      new IsolatedObservable((subscriber) => subject.subscribe(subscriber), report);
    this.create$ = shared(this.#created);
    this.expire$ = shared(this.#expired);
  }

  created(session: Session): void {
    this.#created.next(session);
  }

  /**
   * Tells of an end whoever waits for that of this session, and then everybody; of an end inside an end,
   * when its turn comes.
   */
  ended(live: LiveState, expiration: SessionExpiration): void {
    const isInner = this.#telling.push(expiration) > 1;
    live.listeners?.tell(expiration);
    live.listeners = undefined;
    if (isInner) return;
    for (const next of this.#telling) this.#expired.next(next);
    this.#telling.length = 0;
  }

  stop(): void {
    this.#created.complete();
    this.#expired.complete();
  }
}
