import { Body, Controller, Post } from '@nestjs/common';
import {
  InjectSession,
  Session,
  SessionComponent,
  SessionStateError,
  SessionTooLargeError,
  State,
} from 'nestjs-live-session';
import { boot, PLATFORMS } from '../support/boot.js';
import { bootService } from '../support/boot-service.js';
import { cookieOf } from '../support/cookie.js';
import { CopyingStore } from '../support/copying.store.js';
import { logged } from '../support/logged.js';

@SessionComponent()
class Cart {
  @State() note: unknown = '';
}

@SessionComponent()
class Profile {
  @State() note: unknown = '';
}

/** What `{"note":""}` takes. */
const FRAME = 11;

const options = { maxComponentBytes: 100, maxBytes: 150 };

async function setup() {
  const store = new CopyingStore();
  const { sessions } = await bootService({
    components: [Cart, Profile],
    options: { ...options, store },
  });
  const session = await sessions.makeSession();
  return {
    session,
    cart: session.getComponent(Cart),
    profile: session.getComponent(Profile),
    /** The stored texts by key. */
    stored: () =>
      Object.fromEntries(
        [...(store.database.directory.find(session.id)?.components ?? [])].map(
          ([key, component]) => [key, component.text],
        ),
      ),
  };
}

/** Puts a note there, saves, and answers with what went wrong. */
async function saveNote(session: Session, component: Cart | Profile, note: unknown) {
  component.note = note;
  return session.save().then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('A component of at most 100 bytes', () => {
  it.each([
    ['99', 'x'.repeat(99 - FRAME)],
    ['100', 'x'.repeat(100 - FRAME)],
    ['100, of which many make one character,', 'ü'.repeat(44) + 'x'],
  ])('may have %s bytes', async (_, note) => {
    const { session, cart, stored } = await setup();

    const error = await saveNote(session, cart, note);

    expect(error).toBeUndefined();
    expect(stored()).toEqual({ 'cart@1': JSON.stringify({ note }) });
  });

  it.each([
    ['101', 'x'.repeat(101 - FRAME)],
    ['101, of which many make one character,', 'ü'.repeat(45)],
    ['a million', 'x'.repeat(1e6)],
  ])('may not have %s bytes', async (_, note) => {
    const { session, cart } = await setup();

    const error = await saveNote(session, cart, note);

    expect(error).toBeInstanceOf(SessionTooLargeError);
    expect(error).toMatchObject({ code: 'SESSION_TOO_LARGE', subject: 'cart', limit: 100 });
  });

  it('is put back to what was saved, and so are the others', async () => {
    const { session, cart, profile, stored } = await setup();
    await saveNote(session, cart, 'tea');
    profile.note = 'lost';

    await saveNote(session, cart, 'x'.repeat(90));

    expect([cart.note, profile.note]).toEqual(['tea', '']);
    expect(stored()).toEqual({ 'cart@1': '{"note":"tea"}' });
  });

  it('can be saved again after that', async () => {
    const { session, cart, stored } = await setup();
    await saveNote(session, cart, 'x'.repeat(90));

    await saveNote(session, cart, 'tea');

    expect(stored()).toEqual({ 'cart@1': '{"note":"tea"}' });
  });

  it('is taken out again where the application put it there', async () => {
    const { session, cart } = await setup();
    await saveNote(session, cart, 'tea');
    const large = Object.assign(new Cart(), { note: 'x'.repeat(90) });
    session.setComponent(Cart, large);

    await expect(session.save()).rejects.toBeInstanceOf(SessionTooLargeError);

    expect(session.getComponent(Cart)).not.toBe(large);
    expect(session.getComponent(Cart).note).toBe('tea');
  });
});

describe('A session of at most 150 bytes', () => {
  it.each([
    [149, undefined],
    [150, undefined],
    [151, { code: 'SESSION_TOO_LARGE', subject: 'session', limit: 150 }],
  ])('has %d bytes', async (bytes, expected) => {
    const { session, cart, profile } = await setup();
    await saveNote(session, profile, 'x'.repeat(60 - FRAME));

    const error = await saveNote(session, cart, 'x'.repeat(bytes - 60 - FRAME));

    expect(error && { ...(error as object) }).toEqual(
      expected && expect.objectContaining(expected),
    );
  });

  it('keeps what it had where it would have more', async () => {
    const { session, cart, profile, stored } = await setup();
    await saveNote(session, profile, 'x'.repeat(80));
    const before = stored();

    await saveNote(session, cart, 'x'.repeat(80));

    expect(cart.note).toBe('');
    expect(stored()).toEqual(before);
  });

  it('has room again when a component is removed', async () => {
    const { session, cart, profile, stored } = await setup();
    await saveNote(session, profile, 'x'.repeat(80));
    session.removeComponent(profile);

    await saveNote(session, cart, 'y'.repeat(80));

    expect(Object.keys(stored())).toEqual(['cart@1']);
  });
});

describe('A state', () => {
  const cycle: { self?: unknown } = {};
  cycle.self = [cycle];

  it.each([
    ['a function', { pay: () => 1 }, 'cart.note.pay'],
    ['a symbol', [Symbol('x')], 'cart.note[0]'],
    ['a cycle', cycle, 'cart.note.self[0]'],
    ['an instance of a class', { at: new URL('http://localhost') }, 'cart.note.at'],
    ['a promise', Promise.resolve(), 'cart.note'],
    ['a hole', Object.assign([], { 1: 'tea' }), 'cart.note[0]'],
    ['a stand-in or session', undefined, 'cart.note'],
  ])('with %s is refused with the path', async (_, note, path) => {
    const { session, cart, stored } = await setup();
    await saveNote(session, cart, 'tea');

    const error = await saveNote(session, cart, note ?? session);

    expect(error).toBeInstanceOf(SessionStateError);
    expect(error).toMatchObject({ code: 'SESSION_STATE_INVALID', path });
    expect([cart.note, stored()]).toEqual(['tea', { 'cart@1': '{"note":"tea"}' }]);
  });

  it('that a class begins with is refused when the component is first asked for', async () => {
    @SessionComponent()
    class Broken {
      @State() pay = () => 1;
    }
    const { sessions } = await bootService({ components: [Broken, Cart] });
    const session = await sessions.makeSession();

    expect(() => session.getComponent(Broken)).toThrow(SessionStateError);
    expect(() => session.getComponent(Broken)).toThrow(SessionStateError);
    expect(session.getComponent(Cart)).toBeInstanceOf(Cart);
  });
});

describe.each(PLATFORMS)('A request on %s', (platform) => {
  @Controller()
  class NoteController {
    @Post('note') put(@InjectSession(Cart) cart: Cart, @Body() body: { note: string }): unknown {
      return (cart.note = body.note === 'function' ? () => 1 : body.note);
    }
  }

  async function setupHttp() {
    const store = new CopyingStore();
    const { http, sessions } = await boot({
      platform,
      components: [Cart],
      controllers: [NoteController],
      options: { ...options, store },
    });
    const session = await sessions.makeSession();
    return {
      errors: logged(),
      put: (note: string) => http.post('/note').set('Cookie', cookieOf(session)).send({ note }),
      stored: () => store.database.directory.find(session.id)?.components?.get('cart@1')?.text,
    };
  }

  it('that makes a component too large is answered 413, and changes nothing', async () => {
    const { put, stored } = await setupHttp();
    await put('tea').expect(201);

    const { body } = await put('x'.repeat(90)).expect(413);

    expect(body).toMatchObject({ code: 'SESSION_TOO_LARGE' });
    expect(stored()).toBe('{"note":"tea"}');
  });

  it('that stores what cannot be stored is answered 500 without a word, and logged', async () => {
    const { put, stored, errors } = await setupHttp();
    await put('tea').expect(201);

    const { body } = await put('function').expect(500);

    expect(body).toEqual(expect.objectContaining({ message: 'Internal Server Error' }));
    expect(errors).toEqual([expect.stringContaining('cart.note')]);
    expect(stored()).toBe('{"note":"tea"}');
  });

  it('is no worse off for what the one before it did', async () => {
    const { put, stored } = await setupHttp();
    await put('x'.repeat(90)).expect(413);

    await put('tea').expect(201);

    expect(stored()).toBe('{"note":"tea"}');
  });
});
