import { Logger } from '@nestjs/common';
import { BehaviorSubject, type Observable } from 'rxjs';
import { messageOf } from '../errors/error-text.js';

/** Whether the server answers. */
export type RedisState = 'up' | 'down';

/** Whether the server answers, as the last operations have shown. Each change is logged once. */
export class RedisHealth {
  readonly #logger = new Logger('RedisSessionStore');
  readonly #state = new BehaviorSubject<RedisState>('down');
  #wasUp = false;
  #isStopped = false;

  readonly changes$: Observable<RedisState> = this.#state.asObservable();

  get state(): RedisState {
    return this.#state.value;
  }

  succeeded(): void {
    if (this.#state.value === 'up') return;
    if (this.#wasUp) this.#logger.log('Redis answers again.');
    this.#wasUp = true;
    this.#state.next('up');
  }

  failed(cause: unknown): void {
    if (this.#state.value === 'down' || this.#isStopped) return;
    this.#logger.error(
      `Redis does not answer; requests that need a session get 503: ${messageOf(cause)}`,
    );
    this.#state.next('down');
  }

  /** Something that needs no state of its own, but somebody's attention. */
  report(problem: string): void {
    this.#logger.error(problem);
  }

  warn(problem: string): void {
    this.#logger.warn(problem);
  }

  /** What fails from here on is nobody's business. */
  stop(): void {
    this.#isStopped = true;
    this.#state.complete();
  }
}
