import { type DelayedCall, NodeReactor, Reactor, SchedulerReactor } from 'nestjs-live-session';
import { Clock } from 'nestjs-live-session/testing';
import { asapScheduler } from 'rxjs';

declare const call: DelayedCall;

/** As the contract writes it down. */
export class AnyReactor extends Reactor {
  seconds(): number {
    return 0;
  }

  // oxlint-disable-next-line typescript/no-explicit-any
  callLater(_delay: number, _f: (...args: any[]) => void, ..._args: any[]): DelayedCall {
    return call;
  }
}

/** A call is never passed more than the reactor was given. */
export class ForgetfulReactor extends Reactor {
  override seconds(): number {
    return 0;
  }

  override callLater(): DelayedCall {
    return call;
  }
}

export class DateReactor extends AnyReactor {
  // @ts-expect-error time is a number of seconds
  override seconds(): Date {
    return new Date();
  }
}

// @ts-expect-error a reactor calls later
export class HalfReactor extends Reactor {
  override seconds(): number {
    return 0;
  }
}

export const reactors: readonly Reactor[] = [
  new NodeReactor(),
  new SchedulerReactor(asapScheduler),
  new Clock(),
  new AnyReactor(),
];

export function calls(reactor: Reactor): DelayedCall {
  reactor.callLater(1, () => {});
  reactor.callLater(0.5, (name: string, count: number) => name.repeat(count), 'ada', 2);

  // @ts-expect-error the function takes a string
  reactor.callLater(1, (name: string) => name.length, 42);
  // @ts-expect-error the function takes an argument
  reactor.callLater(1, (name: string) => name.length);
  // @ts-expect-error a delay is a number of seconds
  reactor.callLater('1', () => {});

  const delayed: DelayedCall = reactor.callLater(1, () => {});
  const dueAt: number = delayed.getTime();
  delayed.reset(dueAt);
  delayed.delay(1);
  return delayed;
}

export async function clocks(clock: Clock): Promise<void> {
  clock.rightNow = 1000;
  clock.advance(1);
  clock.pump([1, 2, 3]);
  clock.pump(new Set([1]));
  await clock.advanceAsync(1);

  // @ts-expect-error the calls are made by callLater()
  clock.calls = [];
  // @ts-expect-error a number of seconds
  clock.advance('1');
}
