import { Injectable } from '@nestjs/common';
import {
  adapt,
  CannotAdaptError,
  Componentized,
  Session,
  SessionComponent,
  SessionComponentError,
  State,
} from 'nestjs-live-session';
import { bootService } from '../support/boot-service.js';
import { CopyingStore } from '../support/copying.store.js';

abstract class ICart {
  abstract items: string[];
}
abstract class IPriced {}
abstract class INote {}

@Injectable()
class PriceService {}

@SessionComponent({ provides: [ICart, IPriced, 'cart'] })
class Cart extends ICart {
  @State() items: string[] = [];

  constructor(
    readonly session: Session,
    readonly prices: PriceService,
  ) {
    super();
  }
}

@SessionComponent({ provides: ['now'], temporary: true })
class Moment {
  constructor(readonly session: Session) {}
}

@SessionComponent({ provides: ['left', 'right'], multi: false })
class Hand {
  constructor(readonly session: Session) {}
}

/** An adapter that the application does not register. */
class Note {
  text = '';
  constructor(readonly original: Session) {}
}

async function setup() {
  const store = new CopyingStore();
  const { sessions } = await bootService({
    components: [Cart, Moment, Hand],
    providers: [PriceService],
    options: { store },
  });
  const session = await sessions.makeSession();
  return {
    session,
    sessions,
    again: async (): Promise<Session> => {
      const { uid } = session;
      store.forget();
      return sessions.getSession(uid);
    },
  };
}

describe('session.getComponent()', () => {
  it('answers at once, with the component of this session', async () => {
    const { session } = await setup();

    const cart = session.getComponent(Cart);

    expect(cart).toBeInstanceOf(Cart);
    expect(cart.session).toBe(session);
  });

  it('answers with one instance for all that it is asked for by, whatever comes first', async () => {
    const { session, again } = await setup();
    const tokens = [Cart, ICart, IPriced, 'cart'];

    const there = tokens.map((token) => session.getComponent<unknown>(token));
    const other = await again();
    const back = tokens.toReversed().map((token) => other.getComponent<unknown>(token));

    expect(new Set(there)).toEqual(new Set([session.getComponent(Cart)]));
    expect(new Set(back)).toEqual(new Set([other.getComponent(Cart)]));
  });

  it('gives each session components of its own', async () => {
    const { session, sessions } = await setup();
    const other = await sessions.makeSession();

    other.getComponent(Cart).items.push('tea');

    expect(session.getComponent(Cart).items).toEqual([]);
    expect(session.getComponent(Cart).prices).toBe(other.getComponent(Cart).prices);
  });

  it('is the session itself for its own class', async () => {
    const { session } = await setup();

    expect(session.getComponent(Session)).toBe(session);
    expect(session.getComponent(Componentized)).toBe(session);
  });

  it('is undefined, or the fallback, for what nobody provides', async () => {
    const { session } = await setup();
    const fallback = {};

    expect(session.getComponent(INote)).toBeUndefined();
    expect(session.getComponent(INote, fallback)).toBe(fallback);
    expect(session.getComponent('tenant', 'none')).toBe('none');
    expect(session.getComponent('tenant', null)).toBeNull();
  });

  it('does not take the fallback where there is a component', async () => {
    const { session } = await setup();

    expect(session.getComponent(ICart, null)).toBe(session.getComponent(Cart));
  });

  it.each([undefined, null, 7, {}])('refuses %p as a token', async (token) => {
    const { session } = await setup();

    expect(() => session.getComponent(token as never)).toThrow(SessionComponentError);
  });

  it('builds a temporary component each time, with the same dependencies', async () => {
    const { session } = await setup();

    const moments = [session.getComponent(Moment), session.getComponent<Moment>('now')];

    expect(moments[0]).not.toBe(moments[1]);
    expect(moments.map((moment) => moment?.session === session)).toEqual([true, true]);
  });

  it('builds one instance an interface where multi is false', async () => {
    const { session } = await setup();

    const left = session.getComponent('left');

    expect(session.getComponent('left')).toBe(left);
    expect(session.getComponent('right')).toBeInstanceOf(Hand);
    expect(session.getComponent('right')).not.toBe(left);
    expect(session.getComponent(Hand)).not.toBe(left);
  });

  it('passes on what a constructor throws, and tries again the next time', async () => {
    let attempts = 0;
    @SessionComponent()
    class Moody {
      constructor() {
        if (++attempts === 1) throw new Error('not yet');
      }
    }
    const { sessions } = await bootService({ components: [Moody] });
    const session = await sessions.makeSession();

    expect(() => session.getComponent(Moody)).toThrow('not yet');
    expect(session.getComponent(Moody)).toBeInstanceOf(Moody);
  });

  it('still answers when the session has ended, also what was never asked for before', async () => {
    const { session } = await setup();
    session.getComponent(Cart).items.push('tea');
    await session.save();
    await session.expire();

    expect(session.getComponent(ICart).items).toEqual(['tea']);
    expect(session.getComponent(Hand)).toBeInstanceOf(Hand);
  });

  it('answers in the event of the end, with what was stored', async () => {
    const { sessions, again } = await setup();
    const session = await again();
    session.getComponent(Cart).items.push('tea');
    await session.save();
    const seen: string[][] = [];
    sessions.expire$.subscribe((end) => seen.push(end.session.getComponent(ICart).items));

    await (await again()).expire();

    expect(seen).toEqual([['tea']]);
  });
});

describe('A session is adapted', () => {
  it('by conform() and adapt()', async () => {
    const { session } = await setup();
    const cart = session.getComponent(Cart);

    expect([session.conform(ICart), adapt(session, ICart)]).toEqual([cart, cart]);
    expect([session.conform(INote), adapt(session, INote, undefined)]).toEqual([
      undefined,
      undefined,
    ]);
    expect(() => adapt(session, INote)).toThrow(CannotAdaptError);
  });

  it('by the class that locateAdapterClass() finds', async () => {
    const { session } = await setup();

    expect(session.locateAdapterClass(Session, ICart)).toBe(Cart);
    expect(session.locateAdapterClass(Session, INote)).toBeUndefined();
    expect(session.locateAdapterClass(Session, INote, null)).toBeNull();
  });

  it('by an adapter that setAdapter() is given', async () => {
    const { session } = await setup();

    session.setAdapter(INote, Note);

    expect(session.getComponent(INote)).toBeInstanceOf(Note);
    expect((session.getComponent(INote) as Note).original).toBe(session);
  });

  it('by a component, complete with its dependencies, that setAdapter() is given', async () => {
    const { session } = await setup();

    session.setAdapter(INote, Cart);

    expect(session.getComponent(INote)).toBe(session.getComponent(Cart));
    expect((session.getComponent(INote) as Cart).prices).toBeInstanceOf(PriceService);
  });

  it('by a component that addAdapter() is given, for all that it provides', async () => {
    const { session } = await setup();

    const cart = session.addAdapter(Cart);

    expect(cart.prices).toBeInstanceOf(PriceService);
    expect([session.getComponent(ICart), session.getComponent('cart')]).toEqual([cart, cart]);
  });
});

describe('A component that the application makes', () => {
  function makeCart(session: Session): Cart {
    return Object.assign(new Cart(session, new PriceService()), { items: ['tea'] });
  }

  it('takes the place of the one there was, for all that it provides', async () => {
    const { session } = await setup();
    session.getComponent(Cart);
    const cart = makeCart(session);

    session.setComponent(ICart, cart);

    expect([Cart, ICart, 'cart'].map((token) => session.getComponent<unknown>(token))).toEqual([
      cart,
      cart,
      cart,
    ]);
  });

  it('is saved and restored', async () => {
    const { session, again } = await setup();
    session.getComponent(Cart).items.push('jam');
    await session.save();

    session.setComponent(Cart, makeCart(session));
    await session.save();

    expect((await again()).getComponent(Cart).items).toEqual(['tea']);
  });

  it('is saved though it is as its class begins, in place of what was there', async () => {
    const { session, again } = await setup();
    session.getComponent(Cart).items.push('jam');
    await session.save();

    session.setComponent(Cart, new Cart(session, new PriceService()));
    await session.save();

    expect((await again()).getComponent(Cart).items).toEqual([]);
  });

  it('is added for the interfaces that it is registered for', async () => {
    const { session, again } = await setup();
    const cart = makeCart(session);

    session.addComponent(cart);
    await session.save();

    expect([session.getComponent(ICart), session.getComponent(Cart)]).toEqual([cart, cart]);
    expect((await again()).getComponent(Cart).items).toEqual(['tea']);
  });

  it('is changed and saved like any other from then on', async () => {
    const { session, again } = await setup();
    session.setComponent(Cart, makeCart(session));
    await session.save();

    session.getComponent(ICart).items.push('jam');
    await session.save();

    expect((await again()).getComponent(Cart).items).toEqual(['tea', 'jam']);
  });

  it('needs no decorator to live on this node', async () => {
    const { session } = await setup();
    const fake = { items: ['fake'] };
    session.setComponent(ICart, fake);

    expect(session.getComponent(ICart)).toBe(fake);
    expect(session.getComponent(Cart)).toBeInstanceOf(Cart);
    await session.save();
  });

  it('hides what is registered where it is undefined', async () => {
    const { session } = await setup();

    session.setComponent<unknown>('cart', undefined);

    expect(session.getComponent('cart', 'none')).toBeUndefined();
    expect(session.getComponent(Cart)).toBeInstanceOf(Cart);
  });
});

describe('Removing a component', () => {
  it('forgets it, and tells for what it was there', async () => {
    const { session } = await setup();
    const cart = session.getComponent(Cart);

    const removed = session.removeComponent(cart);

    expect(new Set(removed)).toEqual(new Set([Cart, ICart, IPriced, 'cart']));
    expect(session.getComponent(ICart)).not.toBe(cart);
  });

  it('does nothing where it is not there', async () => {
    const { session } = await setup();
    const cart = session.getComponent(Cart);

    expect(session.removeComponent({})).toEqual([]);
    expect(session.removeComponent(undefined)).toEqual([]);
    expect(session.getComponent(Cart)).toBe(cart);
  });

  it('leaves the one that is registered alone where it is another one', async () => {
    const { session } = await setup();
    const cart = session.getComponent(Cart);
    const fake = { items: [] };
    session.setComponent(ICart, fake);

    session.removeComponent(fake);

    expect([session.getComponent(ICart), session.getComponent(Cart)]).toEqual([cart, cart]);
  });
});

describe('Unsetting an interface', () => {
  it('lets the component be built anew, with the state that was saved', async () => {
    const { session } = await setup();
    const cart = session.getComponent(Cart);
    cart.items.push('tea');
    await session.save();

    session.unsetComponent(ICart);

    expect(session.getComponent(ICart)).not.toBe(cart);
    expect(session.getComponent(ICart).items).toEqual(['tea']);
    expect(session.getComponent(Cart)).toBe(session.getComponent(ICart));
  });

  it('takes away what the application has set there', async () => {
    const { session } = await setup();
    session.getComponent(Cart);
    session.setComponent(ICart, { items: ['fake'] });

    session.unsetComponent(ICart);

    expect(session.getComponent(ICart)).toBe(session.getComponent(Cart));
  });

  it('does nothing where nothing is set', async () => {
    const { session } = await setup();

    session.unsetComponent(INote);

    expect(session.getComponent(INote)).toBeUndefined();
  });
});
