import { type Type } from '@nestjs/common';
import { type Session, SessionComponent, State } from 'nestjs-live-session';
import { bootService } from '../support/boot-service.js';
import { CopyingStore } from '../support/copying.store.js';

abstract class ICart {
  abstract items: string[];
}

@SessionComponent({ provides: [ICart] })
class Cart extends ICart {
  @State() items: string[] = [];
  @State() currency = 'EUR';
  seen = 0;
}

@SessionComponent()
class Profile {
  @State() address = { lines: [{ text: '' }] };
}

/** A session in a store that keeps copies; `again()` is what another node makes of the record. */
async function setup(components: Type[] = [Cart, Profile]) {
  const store = new CopyingStore();
  const { sessions } = await bootService({ components, options: { store } });
  const session = await sessions.makeSession();
  const { uid } = session;
  return {
    session,
    store,
    again: async (): Promise<Session> => {
      store.forget();
      return sessions.getSession(uid);
    },
    /** The stored states by key, with their revisions. */
    stored: () => Object.fromEntries(store.database.directory.find(session.id)?.components ?? []),
  };
}

describe('A component', () => {
  it('is restored from what was saved of it', async () => {
    const { session, again } = await setup();
    session.getComponent(Cart).items.push('tea');
    await session.save();

    const other = await again();

    expect(other).not.toBe(session);
    expect(other.getComponent(Cart)).toEqual({ items: ['tea'], currency: 'EUR', seen: 0 });
  });

  it('has all its fields back, whatever they held', async () => {
    @SessionComponent()
    class Trip {
      @State() value: unknown;
    }
    const { session, again } = await setup([Trip]);
    const value = {
      at: new Date(7),
      byDay: new Map([[1n, new Set(['tea'])]]),
      odd: [NaN, -0, Infinity, null, undefined],
      ['__proto__']: 'own',
    };
    session.getComponent(Trip).value = value;
    await session.save();

    expect((await again()).getComponent(Trip).value).toEqual(value);
  });

  it('keeps fields without @State() on this node only', async () => {
    const { session, again, stored } = await setup();
    const cart = session.getComponent(Cart);
    cart.seen = 3;
    cart.items.push('tea');
    await session.save();

    expect(session.getComponent(Cart).seen).toBe(3);
    expect((await again()).getComponent(Cart).seen).toBe(0);
    expect(JSON.stringify(stored())).not.toContain('seen');
  });

  it('begins with the values of its class in a session that has no state of it', async () => {
    const { again } = await setup();

    expect((await again()).getComponent(Cart)).toEqual({ items: [], currency: 'EUR', seen: 0 });
  });

  it('begins a field that its stored state does not have with the value of its class', async () => {
    @SessionComponent({ name: 'cart' })
    class OlderCart {
      @State() items = ['tea'];
    }
    const { session, store } = await setup([OlderCart]);
    session.getComponent(OlderCart).items.push('jam');
    await session.save();
    const newer = await bootService({
      components: [Cart],
      options: { store: new CopyingStore(store) },
    });

    const cart = (await newer.sessions.getSession(session.uid)).getComponent(Cart);

    expect(cart).toMatchObject({ items: ['tea', 'jam'], currency: 'EUR' });
  });

  it('is stored under its name and version', async () => {
    @SessionComponent({ name: 'shop.cart-2', version: 7 })
    class Basket {
      @State() items = 0;
    }
    const { session, stored } = await setup([Basket, Cart]);
    session.getComponent(Basket).items = 1;
    session.getComponent(Cart).items.push('tea');
    await session.save();

    expect(Object.keys(stored()).sort()).toEqual(['cart@1', 'shop.cart-2@7']);
  });

  it('is found again after its class was renamed, by its name', async () => {
    @SessionComponent({ name: 'cart' })
    class ShoppingBag {
      @State() items: string[] = [];
    }
    const { session, store } = await setup([Cart]);
    session.getComponent(Cart).items.push('tea');
    await session.save();
    const newer = await bootService({
      components: [ShoppingBag],
      options: { store: new CopyingStore(store) },
    });

    const other = await newer.sessions.getSession(session.uid);

    expect(other.getComponent(ShoppingBag).items).toEqual(['tea']);
  });

  it('inherits the state fields of its superclass', async () => {
    @SessionComponent()
    class GiftCart extends Cart {
      @State() message = '';
    }
    const { session, again } = await setup([GiftCart]);
    Object.assign(session.getComponent(GiftCart), { items: ['tea'], message: 'Enjoy!' });
    await session.save();

    const cart = (await again()).getComponent(GiftCart);

    expect(cart).toMatchObject({ items: ['tea'], message: 'Enjoy!' });
  });

  it('is read when it is first asked for, and no earlier', async () => {
    let read = 0;
    @SessionComponent({ name: 'cart', version: 2, upgrade: (old) => (read++, old) })
    class NewCart {
      @State() items: string[] = [];
    }
    const { session, store } = await setup([Cart]);
    session.getComponent(Cart).items.push('tea');
    await session.save();
    const { sessions } = await bootService({
      components: [NewCart, Profile],
      options: { store: new CopyingStore(store) },
    });

    const other = await sessions.getSession(session.uid);
    other.getComponent(Profile);
    const before = read;
    other.getComponent(NewCart);
    other.getComponent(NewCart);

    expect([before, read]).toEqual([0, 1]);
  });
});

describe('Saving', () => {
  it('writes a component that was changed, and no other', async () => {
    const { session, stored } = await setup();
    session.getComponent(Cart).items.push('tea');
    session.getComponent(Profile);
    await session.save();

    expect(stored()).toEqual({
      'cart@1': { text: '{"items":["tea"],"currency":"EUR"}', revision: 1 },
    });
  });

  it('writes nothing after a use that changed nothing', async () => {
    const { session, again, stored } = await setup();
    session.getComponent(Cart).items.push('tea');
    await session.save();
    const before = stored();

    const other = await again();
    other.getComponent(Cart).items.slice().push('jam');
    await other.save();

    expect(stored()).toEqual(before);
  });

  it('writes nothing where a change was taken back', async () => {
    const { session, stored } = await setup();
    session.getComponent(Cart).items.push('tea');
    session.getComponent(Cart).items.pop();
    await session.save();

    expect(stored()).toEqual({});
  });

  it('sees a change deep inside of an array', async () => {
    const { session, again } = await setup();
    session.getComponent(Profile);
    await session.save();

    const [line] = session.getComponent(Profile).address.lines;
    if (line) line.text = 'Tea Street 1';
    await session.save();

    expect((await again()).getComponent(Profile).address.lines).toEqual([{ text: 'Tea Street 1' }]);
  });

  it('sees changes that are made after a save to a component that is held', async () => {
    const { session, again } = await setup();
    const cart = session.getComponent(Cart);
    cart.items.push('tea');
    await session.save();

    cart.items.push('jam');
    await session.save();

    expect((await again()).getComponent(Cart).items).toEqual(['tea', 'jam']);
  });

  it('sees a change that is made while a save is under way', async () => {
    const { session, again } = await setup();
    const cart = session.getComponent(Cart);
    cart.items.push('tea');
    const saving = session.save();
    cart.items.push('jam');
    await saving;
    await session.save();

    expect((await again()).getComponent(Cart).items).toEqual(['tea', 'jam']);
  });

  it('counts the writes of each component by itself', async () => {
    const { session, stored } = await setup();
    session.getComponent(Profile).address.lines.pop();
    for (const sku of ['tea', 'jam', 'nut']) {
      session.getComponent(Cart).items.push(sku);
      await session.save();
    }

    expect(stored()).toMatchObject({
      'cart@1': { revision: 3 },
      'profile@1': { revision: 1 },
    });
  });

  it('leaves the states of components alone that this application does not have', async () => {
    const { session, store, stored } = await setup([Cart, Profile]);
    session.getComponent(Profile).address.lines.pop();
    await session.save();
    const before = stored()['profile@1'];
    const { sessions } = await bootService({
      components: [Cart],
      options: { store: new CopyingStore(store) },
    });

    const other = await sessions.getSession(session.uid);
    other.getComponent(Cart).items.push('tea');
    await other.save();
    await other.login('ann');

    expect(Object.keys(stored()).sort()).toEqual(['cart@1', 'profile@1']);
    expect(stored()['profile@1']).toEqual(before);
  });

  it('cannot be made to change what the server owns, whatever a state is called', async () => {
    @SessionComponent({ name: 'principal' })
    class Impostor {
      @State() uid = 'x';
      @State() id = 'x';
      @State() key = 'x';
      @State() principal = 'root';
      @State() expiresAt = 0;
      @State() sessionTimeout = 1e9;
      @State() ended: unknown = 'never';
      @State() components: unknown = {};
    }
    const { session, again } = await setup([Impostor]);
    const { uid, id, expiresAt, sessionTimeout } = session;
    session.getComponent(Impostor).principal = 'admin';
    await session.save();

    const other = await again();

    expect(other).toMatchObject({ uid, id, expiresAt, sessionTimeout, isExpired: false });
    expect(other.principal).toBeUndefined();
    expect(other.getComponent(Impostor).principal).toBe('admin');
  });

  it('pollutes no prototype', async () => {
    const { session, store, again } = await setup([Cart]);
    session.getComponent(Cart).items.push('tea');
    await session.save();
    const record = store.database.directory.find(session.id);
    const text = '{"__proto__":{"hacked":1},"items":[{"__proto__":{"hacked":1}}]}';
    if (record) record.components = new Map([['cart@1', { text, revision: 1 }]]);

    const { items } = (await again()).getComponent(Cart);

    expect([Reflect.get({}, 'hacked'), Reflect.get(Object(items[0]), 'hacked')]).toEqual([
      undefined,
      undefined,
    ]);
  });
});
