import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { BehaviorSubject, filter, firstValueFrom, type Observable } from 'rxjs';

export type MachineState = 'down' | 'starting' | 'up';

/** A process that can be killed, as by a power cut, and started again. */
export abstract class Machine {
  readonly #state = new BehaviorSubject<MachineState>('down');
  readonly state$: Observable<MachineState> = this.#state.asObservable();
  #process: ChildProcess | undefined;

  constructor(readonly name: string) {}

  /** Starts the process, and calls back once that is of use. */
  protected abstract launch(ready: () => void): ChildProcess;

  get state(): MachineState {
    return this.#state.value;
  }

  /** Resolves when it is up. */
  async start(): Promise<void> {
    if (this.#process === undefined) {
      this.#state.next('starting');
      this.#process = this.launch(() => this.#state.next('up'));
      this.#process.once('exit', () => {
        this.#process = undefined;
        this.#state.next('down');
      });
    }
    await firstValueFrom(this.state$.pipe(filter((state) => state !== 'starting')));
  }

  /** Resolves when it is gone. It gets no chance to say goodbye. */
  async kill(): Promise<void> {
    if (this.#process === undefined) return;
    const exit = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exit;
  }
}
