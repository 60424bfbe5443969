import { inspect } from 'node:util';
import { jest } from '@jest/globals';
import { adapt } from '../../lib/componentized/adapt.js';
import { type AdapterFactory } from '../../lib/componentized/adapter-factory.js';
import { AdapterRegistry } from '../../lib/componentized/adapter-registry.js';
import { Componentized } from '../../lib/componentized/componentized.js';
import { SessionComponent } from '../../lib/componentized/session-component.decorator.js';
import { SessionComponentError } from '../../lib/errors/session.errors.js';

abstract class ICart {
  abstract readonly original: Shopper;
}
abstract class IPriced {}
abstract class IShipped {}
abstract class IVisit {}
abstract class INote {}

class Shopper extends Componentized {
  visits = 0;
}
class Member extends Shopper {}
class GoldMember extends Member {}

/** Provides three interfaces, of which the registry knows the first two. */
@SessionComponent({ provides: [ICart, IPriced, IShipped] })
class Cart extends ICart {
  total = 0;
  constructor(readonly original: Shopper) {
    super();
  }
}

@SessionComponent({ provides: [IVisit], temporary: true })
class Visit {
  constructor(readonly original: Shopper) {}
}

@SessionComponent({ provides: [ICart, IPriced], multi: false })
class SplitCart extends Cart {}

/** An adapter that knows nothing of this library. */
class Note {
  text = '';
  constructor(readonly original: Shopper) {}
}

function setup() {
  const registry = new AdapterRegistry();
  registry.registerAdapter(Cart, Shopper, Cart, ICart, IPriced);
  registry.registerAdapter(Visit, Shopper, IVisit);
  registry.registerAdapter(Note, Shopper, INote, 'note');
  return { registry, shopper: new Shopper(registry) };
}

describe('Componentized', () => {
  describe('getComponent', () => {
    it('builds the registered adapter around the object', () => {
      const { shopper } = setup();

      const cart = shopper.getComponent(ICart);

      expect(cart).toBeInstanceOf(Cart);
      expect(cart?.original).toBe(shopper);
    });

    it('keeps the adapter, with the state it gathers', () => {
      const { shopper } = setup();

      const cart = shopper.getComponent(Cart);
      if (cart) cart.total += 5;

      expect(shopper.getComponent(Cart)).toBe(cart);
      expect(shopper.getComponent(Cart)?.total).toBe(5);
    });

    it('gives each object adapters of its own', () => {
      const { registry, shopper } = setup();

      const other = new Shopper(registry);

      expect(other.getComponent(ICart)).not.toBe(shopper.getComponent(ICart));
    });

    it('finds the adapter of a superclass', () => {
      const { registry } = setup();

      const gold = new GoldMember(registry);

      expect(gold.getComponent(ICart)).toBeInstanceOf(Cart);
      expect(gold.getComponent(ICart)).toBe(gold.getComponent(ICart));
    });

    it('serves strings and symbols as interfaces', () => {
      const { registry, shopper } = setup();
      const tenant = Symbol('tenant');
      registry.registerAdapter(() => 'acme', Shopper, tenant);

      expect(shopper.getComponent('note')).toBeInstanceOf(Note);
      expect(shopper.getComponent(tenant)).toBe('acme');
    });

    it('returns the default where there is no component', () => {
      const { shopper } = setup();

      const fallback = {};

      expect(shopper.getComponent(IShipped, fallback)).toBe(fallback);
      expect(shopper.getComponent(IShipped, null)).toBeNull();
    });

    it('returns undefined without a component and without a default', () => {
      const { shopper } = setup();

      expect(shopper.getComponent(IShipped)).toBeUndefined();
      expect(new Componentized().getComponent(ICart)).toBeUndefined();
    });

    it('prefers a component to the default, falsy ones included', () => {
      const { shopper } = setup();

      shopper.setComponent('visits', 0);

      expect(shopper.getComponent('visits', 7)).toBe(0);
      expect(shopper.getComponent(ICart, 7)).toBeInstanceOf(Cart);
    });

    it.each([null, undefined])('takes %s from an adapter function for "cannot"', (nothing) => {
      const { registry, shopper } = setup();
      const factory = jest.fn(() => nothing);
      registry.registerAdapter(factory, Shopper, IShipped);

      expect(shopper.getComponent(IShipped, 'none')).toBe('none');
      expect(shopper.getComponent(IShipped)).toBeUndefined();
      expect(factory).toHaveBeenCalledTimes(2);
    });

    it('returns the object itself for an interface that it provides', () => {
      const { shopper } = setup();

      expect(shopper.getComponent(Shopper)).toBe(shopper);
      expect(shopper.getComponent(Componentized)).toBe(shopper);
    });

    it('builds a temporary adapter anew each time', () => {
      const { shopper } = setup();

      const first = shopper.getComponent(IVisit);

      expect(first).toBeInstanceOf(Visit);
      expect(shopper.getComponent(IVisit)).not.toBe(first);
      expect(shopper.removeComponent(first)).toEqual([]);
    });

    it('serves all registered interfaces of a multi adapter with one instance', () => {
      const { shopper } = setup();

      const cart = shopper.getComponent(ICart);

      expect(shopper.getComponent(IPriced)).toBe(cart);
      expect(shopper.getComponent(Cart)).toBe(cart);
      expect(shopper.getComponent(IShipped)).toBeUndefined();
    });

    it('gives a multi adapter only the interfaces that are its own', () => {
      const { registry } = setup();
      registry.registerAdapter(Note, Member, IPriced);

      const member = new Member(registry);

      expect(member.getComponent(ICart)).toBeInstanceOf(Cart);
      expect(member.getComponent(IPriced)).toBeInstanceOf(Note);
    });

    it('builds one instance for each interface without multi', () => {
      const { registry } = setup();
      registry.registerAdapter(SplitCart, Member, ICart, IPriced);

      const member = new Member(registry);

      expect(member.getComponent(IPriced)).toBeInstanceOf(SplitCart);
      expect(member.getComponent(IPriced)).not.toBe(member.getComponent(ICart));
    });

    it('keeps an undecorated adapter for the one interface asked for', () => {
      const { shopper } = setup();

      const note = shopper.getComponent(INote);

      expect(shopper.getComponent(INote)).toBe(note);
      expect(shopper.getComponent('note')).not.toBe(note);
    });

    it('keeps an adapter without a class', () => {
      const { registry, shopper } = setup();
      registry.registerAdapter(() => Object.create(null), Shopper, IShipped);

      expect(shopper.getComponent(IShipped)).toBeDefined();
      expect(shopper.getComponent(IShipped)).toBe(shopper.getComponent(IShipped));
    });

    it('lets an adapter ask for other components in its constructor', () => {
      const { registry, shopper } = setup();
      class Parcel {
        readonly cart: ICart | undefined;
        constructor(original: Shopper) {
          this.cart = original.getComponent(ICart);
        }
      }
      registry.registerAdapter(Parcel, Shopper, Parcel);

      expect(shopper.getComponent(Parcel)?.cart).toBe(shopper.getComponent(ICart));
    });

    it('refuses a component whose constructor asks for itself', () => {
      const { registry, shopper } = setup();
      class Ouroboros {
        readonly self: unknown;
        constructor(original: Shopper) {
          this.self = original.getComponent(IShipped);
        }
      }
      registry.registerAdapter(Ouroboros, Shopper, IShipped);

      expect(() => shopper.getComponent(IShipped)).toThrow(SessionComponentError);
    });

    it('refuses two components whose constructors ask for each other', () => {
      const { registry, shopper } = setup();
      registry.registerAdapter((s: Shopper) => ({ b: s.getComponent('b') }), Shopper, 'a');
      registry.registerAdapter((s: Shopper) => ({ a: s.getComponent('a') }), Shopper, 'b');

      expect(() => shopper.getComponent('a')).toThrow(SessionComponentError);
      expect(() => shopper.getComponent('b')).toThrow(SessionComponentError);
    });

    it('passes on what a constructor throws, and tries again the next time', () => {
      const { registry, shopper } = setup();
      const factory = jest.fn().mockReturnValue('built');
      factory.mockImplementationOnce(() => {
        throw new RangeError('not yet');
      });
      registry.registerAdapter(factory, Shopper, IShipped);

      expect(() => shopper.getComponent(IShipped)).toThrow(RangeError);
      expect(shopper.getComponent(IShipped)).toBe('built');
    });

    it('refuses an interface that is undefined, as a circular import makes it', () => {
      const { shopper } = setup();
      const missing: { ICart?: typeof ICart } = {};

      // @ts-expect-error undefined is no interface
      expect(() => shopper.getComponent(missing.ICart)).toThrow(SessionComponentError);
    });
  });

  describe('setAdapter', () => {
    it('caches the adapter class applied to the object', () => {
      const shopper = new Shopper();

      shopper.setAdapter(INote, Note);

      expect(shopper.getComponent(INote)).toBeInstanceOf(Note);
      expect(shopper.getComponent(INote)).toHaveProperty('original', shopper);
    });

    it('takes precedence over what is registered', () => {
      const { shopper } = setup();

      shopper.setAdapter(INote, Cart);

      expect(shopper.getComponent(INote)).toBeInstanceOf(Cart);
    });

    it('calls an adapter that is a function', () => {
      const shopper = new Shopper();

      shopper.setAdapter('visits', (s: Shopper) => s.visits + 1);

      expect(shopper.getComponent('visits')).toBe(1);
    });
  });

  describe('addAdapter', () => {
    it('returns the adapter and caches it under its registered interfaces', () => {
      const { shopper } = setup();

      const cart = shopper.addAdapter(Cart);

      expect(cart.original).toBe(shopper);
      expect(shopper.getComponent(ICart)).toBe(cart);
      expect(shopper.getComponent(IShipped)).toBeUndefined();
    });

    it('caches it under all its interfaces when the class is ignored', () => {
      const shopper = new Shopper();

      const cart = shopper.addAdapter(Cart, true);

      const components = [ICart, IPriced, IShipped].map((i) => shopper.getComponent(i));
      expect(components).toEqual([cart, cart, cart]);
    });

    it('returns an adapter that it cannot place', () => {
      const shopper = new Shopper();

      const cart = shopper.addAdapter(Cart);

      expect(cart).toBeInstanceOf(Cart);
      expect(shopper.getComponent(ICart)).toBeUndefined();
    });
  });

  describe('setComponent', () => {
    it('caches whatever it is given under the interface', () => {
      const shopper = new Shopper();
      const component = {};

      shopper.setComponent(IPriced, component);

      expect(shopper.getComponent(IPriced)).toBe(component);
      expect(shopper.getComponent(IShipped)).toBeUndefined();
    });

    it('replaces what is cached', () => {
      const { shopper } = setup();
      const built = shopper.getComponent(IPriced);

      shopper.setComponent(IPriced, {});

      expect(shopper.getComponent(IPriced)).not.toBe(built);
      expect(shopper.getComponent(ICart)).toBe(built);
    });

    it.each([null, undefined])('hides the registered adapter with %s', (nothing) => {
      const { shopper } = setup();

      shopper.setComponent('note', nothing);

      expect(shopper.getComponent('note', 'fallback')).toBe(nothing);
    });

    it('refuses an interface that is undefined', () => {
      const missing: { ICart?: typeof ICart } = {};

      expect(() =>
        // @ts-expect-error undefined is no interface
        new Shopper().setComponent(missing.ICart, {}),
      ).toThrow(SessionComponentError);
    });
  });

  describe('addComponent', () => {
    it('caches the component under the interfaces that its class is registered for', () => {
      const { shopper } = setup();
      const cart = new Cart(shopper);

      shopper.addComponent(cart);

      expect(shopper.removeComponent(cart)).toEqual([Cart, ICart, IPriced]);
    });

    it('caches nothing when another class is registered', () => {
      const { shopper } = setup();
      const cart = new SplitCart(shopper);

      shopper.addComponent(cart);

      expect(shopper.removeComponent(cart)).toEqual([]);
    });

    it('caches under everything provided when the class is ignored', () => {
      const { shopper } = setup();
      const cart = new SplitCart(shopper);

      shopper.addComponent(cart, true);

      expect(shopper.removeComponent(cart)).toEqual([ICart, IPriced, IShipped]);
    });

    it.each([null, undefined])('does nothing with %s', (nothing) => {
      const { shopper } = setup();

      shopper.addComponent(nothing, true);

      expect(shopper.getComponent(ICart)).toBeInstanceOf(Cart);
    });
  });

  describe('unsetComponent', () => {
    it('forgets the component of the one interface', () => {
      const { shopper } = setup();
      const cart = shopper.getComponent(ICart);

      shopper.unsetComponent(IPriced);

      expect(shopper.getComponent(ICart)).toBe(cart);
      expect(shopper.getComponent(IPriced)).not.toBe(cart);
    });

    it('does nothing where there is no component', () => {
      const shopper = new Shopper();

      shopper.unsetComponent(ICart);

      expect(shopper.getComponent(ICart)).toBeUndefined();
    });
  });

  describe('removeComponent', () => {
    it('forgets a component everywhere and returns its interfaces', () => {
      const { shopper } = setup();
      const cart = shopper.getComponent(ICart);
      shopper.setComponent('basket', cart);

      const removed = shopper.removeComponent(cart);

      expect(new Set(removed)).toEqual(new Set([ICart, Cart, IPriced, 'basket']));
      expect(shopper.getComponent('basket')).toBeUndefined();
    });

    it('makes the next request build a new one, which is kept', () => {
      const { shopper } = setup();
      const first = shopper.getComponent(ICart);

      shopper.removeComponent(first);

      expect(shopper.getComponent(ICart)).not.toBe(first);
      expect(shopper.getComponent(ICart)).toBe(shopper.getComponent(ICart));
    });

    it('returns no interface for a component that it does not have', () => {
      const { shopper } = setup();

      expect(shopper.removeComponent(new Cart(shopper))).toEqual([]);
      expect(new Shopper().removeComponent({})).toEqual([]);
    });
  });

  describe('locateAdapterClass', () => {
    it('looks the adapter up in the registry', () => {
      const { shopper } = setup();

      expect(shopper.locateAdapterClass(GoldMember, ICart)).toBe(Cart);
    });

    it('returns the default without an adapter or a registry', () => {
      const { shopper } = setup();

      expect(shopper.locateAdapterClass(Shopper, IShipped)).toBeUndefined();
      expect(shopper.locateAdapterClass(Shopper, IShipped, Note)).toBe(Note);
      expect(new Shopper().locateAdapterClass(Shopper, ICart, null)).toBeNull();
    });

    it('decides what getComponent builds, where a subclass overrides it', () => {
      class Noted extends Shopper {
        override locateAdapterClass(): never {
          return Note as never;
        }
      }

      expect(new Noted().getComponent(ICart)).toBeInstanceOf(Note);
    });
  });

  describe('conform', () => {
    it('is getComponent', () => {
      const { shopper } = setup();

      expect(shopper.conform(ICart)).toBe(shopper.getComponent(ICart));
      expect(shopper.conform(IShipped)).toBeUndefined();
    });

    it('makes adapters found by adapt() persistent', () => {
      const { shopper } = setup();

      adapt(shopper, Cart).total += 1;
      adapt(shopper, Cart).total += 1;

      expect(adapt(shopper, Cart).total).toBe(2);
    });
  });

  describe('createAdapter', () => {
    it('is all that a subclass sees of building: no component is set or unset for it', () => {
      const { registry } = setup();
      const shopper = new Shopper(registry);
      const set = jest.spyOn(shopper, 'setComponent');
      const unset = jest.spyOn(shopper, 'unsetComponent');

      shopper.getComponent(INote);
      shopper.getComponent(IVisit);

      expect(set).not.toHaveBeenCalled();
      expect(unset).not.toHaveBeenCalled();
    });

    it('is where a subclass gives adapters more than their original', () => {
      class Greeted extends Componentized {
        protected override createAdapter(factory: AdapterFactory): unknown {
          return Reflect.construct(factory, [this, 'welcome']);
        }
      }
      class Greeting {
        constructor(
          readonly original: Greeted,
          readonly text: string,
        ) {}
      }

      expect(new Greeted().addAdapter(Greeting)).toHaveProperty('text', 'welcome');
    });
  });

  it('shows none of its components when it is printed', () => {
    const { shopper } = setup();
    shopper.setComponent('secret', 'hunter2');

    expect(inspect(shopper, { showHidden: true, depth: 5 })).not.toContain('hunter2');
    expect(JSON.stringify(shopper)).toBe('{"visits":0}');
  });

  it('types a component by the interface that it is asked for by', () => {
    const compiled = (shopper: Shopper): void => {
      shopper.getComponent(ICart)?.original satisfies Shopper | undefined;
      shopper.getComponent(ICart, null) satisfies ICart | null;
      shopper.getComponent<string>('tenant', 'none') satisfies string;
      // @ts-expect-error it may be absent
      shopper.getComponent(ICart) satisfies ICart;
      // @ts-expect-error a note is no cart
      shopper.setAdapter(Cart, Note);
      // @ts-expect-error an abstract class builds no adapter
      shopper.addAdapter(ICart);
    };

    expect(compiled).toBeDefined();
  });
});
