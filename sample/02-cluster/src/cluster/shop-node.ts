import { type ChildProcess, fork } from 'node:child_process';
import { type Observable, Subject } from 'rxjs';
import { type Report } from '../report.js';
import { Machine } from './machine.js';

/** One of the nodes that serve the shop. */
export class ShopNode extends Machine {
  readonly #reports = new Subject<Report>();
  readonly reports$: Observable<Report> = this.#reports.asObservable();
  /** The tabs whose event streams it holds. */
  readonly tabs = new Set<string>();
  answered = 0;
  port = 0;
  /** Whether it gets answers from Redis. */
  redis = 'down';

  constructor(
    name: string,
    private readonly redisUrl: () => string,
  ) {
    super(name);
  }

  protected launch(ready: () => void): ChildProcess {
    this.redis = 'down';
    const env = { ...process.env, REDIS_URL: this.redisUrl() };
    const child = fork(new URL('../node/main.js', import.meta.url), { env });
    child.on('message', (report: Report) => {
      if (report.kind === 'redis') this.redis = report.state;
      if (report.kind === 'ready') {
        this.port = report.port;
        ready();
      }
      this.#reports.next(report);
    });
    return child;
  }
}
