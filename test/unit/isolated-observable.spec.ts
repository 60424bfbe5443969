import { firstValueFrom, map, Subject, toArray } from 'rxjs';
import { IsolatedObservable, isolate } from '../../lib/session/isolated-observable.js';

function setup() {
  const source = new Subject<number>();
  const reported: unknown[] = [];
  const report = (error: unknown): void => void reported.push(error);
  const isolated = new IsolatedObservable<number>((to) => source.subscribe(to), report);
  const seen: unknown[] = [];
  return { source, isolated, reported, report, seen };
}

const broken = new Error('broken');

const fail = (): never => {
  throw broken;
};

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('IsolatedObservable', () => {
  it('passes on values and completion to a function or an observer', () => {
    const { source, isolated, seen } = setup();
    isolated.subscribe((value) => void seen.push(value));
    isolated.subscribe({ next: (value) => seen.push(value), complete: () => seen.push('done') });

    source.next(1);
    source.complete();

    expect(seen).toEqual([1, 1, 'done']);
  });

  it('passes on an error', () => {
    const { source, isolated, seen } = setup();
    isolated.subscribe({ error: (error: unknown) => seen.push(error) });

    source.error(broken);

    expect(seen).toEqual([broken]);
  });

  it('reports an error that a subscriber does not take', () => {
    const { source, isolated, reported } = setup();
    isolated.subscribe();
    isolated.subscribe({ error: () => {} });

    source.error(broken);

    expect(reported).toEqual([broken]);
  });

  it('reports what a subscriber throws, and goes on with the others and with it', () => {
    const { source, isolated, reported, seen } = setup();
    isolated.subscribe(fail);
    isolated.subscribe((value) => void seen.push(value));

    source.next(1);
    source.next(2);

    expect([seen, reported]).toEqual([
      [1, 2],
      [broken, broken],
    ]);
  });

  it('reports what a subscriber rejects', async () => {
    const { source, isolated, reported } = setup();
    isolated.subscribe(() => Promise.reject(broken) as unknown as void);

    source.next(1);
    await turn();

    expect(reported).toEqual([broken]);
  });

  it('reports what throws on completion or on an error', () => {
    const { source, isolated, reported } = setup();
    isolated.subscribe({ complete: fail });
    source.complete();
    const other = setup();
    other.isolated.subscribe({ error: fail });
    other.source.error('first');

    expect([reported, other.reported]).toEqual([[broken], [broken]]);
  });

  it('keeps `this` for the methods of an observer', () => {
    const { source, isolated } = setup();
    const observer = { sum: 0, next: (_value: number): void => {} };
    observer.next = function (value) {
      this.sum += value;
    };
    isolated.subscribe(observer);

    source.next(3);

    expect(observer.sum).toBe(3);
  });

  it('stops when it is unsubscribed', () => {
    const { source, isolated, seen } = setup();
    isolated.subscribe((value) => void seen.push(value)).unsubscribe();

    source.next(1);

    expect([seen, source.observed]).toEqual([[], false]);
  });

  it('goes through operators as any Observable', async () => {
    const { source, isolated } = setup();
    const doubled = firstValueFrom(
      isolated.pipe(
        map((value) => value * 2),
        toArray(),
      ),
    );

    source.next(1);
    source.next(2);
    source.complete();

    expect(await doubled).toEqual([2, 4]);
  });

  it('takes a Subject for an observer', () => {
    const { source, isolated, seen } = setup();
    const subject = new Subject<number>();
    subject.subscribe((value) => void seen.push(value));
    isolated.subscribe(subject);

    source.next(1);

    expect(seen).toEqual([1]);
  });
});

describe('isolate', () => {
  it.each<[string, () => unknown]>([
    ['throws', fail],
    ['rejects', () => Promise.reject(broken)],
    [
      'rejects as a thenable',
      () => ({ then: (_: unknown, reject: (e: Error) => void) => reject(broken) }),
    ],
    ['throws in its then()', () => ({ then: fail })],
  ])('reports what a function %s', async (_how, call) => {
    const { report, reported } = setup();

    isolate(call, report);
    await turn();

    expect(reported).toEqual([broken]);
  });

  it.each([undefined, null, 1, 'text', {}, { then: 1 }, Promise.resolve(1)])(
    'reports nothing where it returns %p',
    async (value) => {
      const { report, reported } = setup();

      isolate(() => value, report);
      await turn();

      expect(reported).toEqual([]);
    },
  );
});
