import { type Session } from '../../lib/session/session.js';
import { type SessionExpiration } from '../../lib/session/session-expiration.js';
import { ExpirationListeners } from '../../lib/session/expiration-listeners.js';

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
  const listeners = new ExpirationListeners({ report: (error) => void reported.push(error) });
  const note = (name: string) => (): void => void calls.push(name);
  return { listeners, reported, calls, note };
}

describe('ExpirationListeners', () => {
  it('tells everybody in order, the event itself', () => {
    const { listeners, calls, note } = setup();
    const told: SessionExpiration[] = [];
    listeners.add(note('a'));
    listeners.add((expiration) => told.push(expiration));
    listeners.add(note('b'));

    listeners.tell(END);

    expect([calls, told]).toEqual([['a', 'b'], [END]]);
  });

  it('tells everybody once', () => {
    const { listeners, calls, note } = setup();
    listeners.add(note('a'));

    listeners.tell(END);
    listeners.tell(END);

    expect(calls).toEqual(['a']);
  });

  it('tells a function as often as it was added', () => {
    const { listeners, calls, note } = setup();
    const listener = note('a');
    listeners.add(listener)();
    listeners.add(listener);
    listeners.add(listener);

    listeners.tell(END);

    expect(calls).toEqual(['a', 'a']);
  });

  it('tells once where it is made to tell while it tells', () => {
    const { listeners, calls, note } = setup();
    listeners.add(note('a'));
    listeners.add(() => listeners.tell(END));
    listeners.add(note('b'));

    listeners.tell(END);

    expect(calls).toEqual(['a', 'b']);
  });

  it('reports what one throws, and tells the next', () => {
    const { listeners, reported, calls, note } = setup();
    listeners.add(() => {
      throw new Error('broken');
    });
    listeners.add(note('b'));

    listeners.tell(END);

    expect([calls, reported]).toEqual([['b'], [new Error('broken')]]);
  });

  it('tells nobody who was taken out, also while it tells', () => {
    const { listeners, calls, note } = setup();
    listeners.add(() => remove());
    const remove = listeners.add(note('second'));

    listeners.tell(END);

    expect(calls).toEqual([]);
  });
});
