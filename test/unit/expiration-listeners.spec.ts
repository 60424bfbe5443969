import { type Session } from '../../lib/session/session.js';
import { type SessionExpiration } from '../../lib/session/session-expiration.js';
import {
  addListener,
  type Awaited,
  type ExpirationListener,
  removeListener,
  tellListeners,
} from '../../lib/session/expiration-listeners.js';

const END: SessionExpiration = {
  eventId: 'event',
  id: 'id',
  reason: 'idle',
  at: 900,
  session: {} as Session,
};

function setup() {
  const reported: unknown[] = [];
  const calls: string[] = [];
  const awaited: Awaited = { $listeners: undefined };
  const note = (name: string) => (): void => void calls.push(name);
  const add = (listener: ExpirationListener): (() => void) => {
    const waiting = addListener(awaited, listener);
    return () => removeListener(awaited, waiting);
  };
  const tell = (): void => tellListeners(awaited, END, (error) => void reported.push(error));
  return { awaited, add, tell, reported, calls, note };
}

describe('Whoever waits for an end', () => {
  it('is told in order, the event itself', () => {
    const { add, tell, calls, note } = setup();
    const told: SessionExpiration[] = [];
    add(note('a'));
    add((expiration) => told.push(expiration));
    add(note('b'));

    tell();

    expect([calls, told]).toEqual([['a', 'b'], [END]]);
  });

  it('is told once', () => {
    const { add, tell, calls, note } = setup();
    add(note('a'));

    tell();
    tell();

    expect(calls).toEqual(['a']);
  });

  it('is told as often as it asked', () => {
    const { add, tell, calls, note } = setup();
    const listener = note('a');
    add(listener)();
    add(listener);
    add(listener);

    tell();

    expect(calls).toEqual(['a', 'a']);
  });

  it('is told once where one who is told tells again', () => {
    const { add, tell, calls, note } = setup();
    add(note('a'));
    add(() => tell());
    add(note('b'));

    tell();

    expect(calls).toEqual(['a', 'b']);
  });

  it('is told, though one before throws, which is reported', () => {
    const { add, tell, reported, calls, note } = setup();
    add(() => {
      throw new Error('broken');
    });
    add(note('b'));

    tell();

    expect([calls, reported]).toEqual([['b'], [new Error('broken')]]);
  });

  it('is not told after it was forgotten, also by one who was told before', () => {
    const { add, tell, calls, note } = setup();
    add(() => remove());
    const remove = add(note('second'));

    tell();

    expect(calls).toEqual([]);
  });

  it.each([0, 1, 2])('is told without the one that was forgotten, be it the %s of three', (out) => {
    const { add, tell, calls, note } = setup();
    const removes = ['a', 'b', 'c'].map((name) => add(note(name)));
    removes[out]?.();
    removes[out]?.();
    add(note('d'));

    tell();

    expect(calls).toEqual([...['a', 'b', 'c'].filter((_, index) => index !== out), 'd']);
  });

  it('is told once, though it is no function, which is reported', () => {
    const { add, tell, calls, note, reported } = setup();
    add(undefined as never);
    add(note('b'));

    tell();

    expect([calls, reported]).toEqual([['b'], [expect.any(TypeError)]]);
  });

  it('is nobody any more when the last one was forgotten', () => {
    const { awaited, add, note } = setup();
    const removes = [add(note('a')), add(note('b'))];

    for (const remove of removes) remove();

    expect(awaited.$listeners).toBeUndefined();
  });
});
