import { type Observable, Subject } from 'rxjs';
import { tellListeners } from './expiration-listeners.js';
import { IsolatedObservable } from './isolated-observable.js';
import { type Session } from './session.js';
import { type SessionExpiration } from './session-expiration.js';

/** What a site tells everybody: of each session that is made, and of each end. */
export class Announcements {
  readonly #created = new Subject<Session>();
  readonly #expired = new Subject<SessionExpiration>();
  /** The ends that came while another one was told, in their order. */
  readonly #waiting: SessionExpiration[] = [];
  #isTelling = false;

  readonly create$: Observable<Session>;
  readonly expire$: Observable<SessionExpiration>;

  /** @param report is told what somebody throws who is told */
  constructor(private readonly report: (error: unknown) => void) {
    const shared = <T>(subject: Subject<T>): Observable<T> =>
      new IsolatedObservable((subscriber) => subject.subscribe(subscriber), report);
    this.create$ = shared(this.#created);
    this.expire$ = shared(this.#expired);
  }

  created(session: Session): void {
    tell(this.#created, session);
  }

  /**
   * Tells of an end whoever waits for that of this session, and then everybody; of an end inside an end,
   * when its turn comes.
   */
  ended(session: Session, expiration: SessionExpiration): void {
    const isInner = this.#isTelling;
    this.#isTelling = true;
    if (isInner) this.#waiting.push(expiration);
    tellListeners(session, expiration, this.report);
    if (isInner) return;
    tell(this.#expired, expiration);
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      tell(this.#expired, next);
    }
    this.#isTelling = false;
  }

  stop(): void {
    this.#created.complete();
    this.#expired.complete();
  }
}

/** To tell nobody takes rxjs some time, too. */
function tell<T>(subject: Subject<T>, value: T): void {
  if (subject.observed) subject.next(value);
}
