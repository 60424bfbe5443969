import { AdapterRegistry } from '../../lib/componentized/adapter-registry.js';
import { CannotAdaptError, DuplicateAdapterError } from '../../lib/componentized/adapter.errors.js';
import { Componentized } from '../../lib/componentized/componentized.js';
import { SessionComponent } from '../../lib/componentized/session-component.decorator.js';
import { SessionComponentError } from '../../lib/errors/session.errors.js';

abstract class IAdder {
  abstract add(n: number): number;
}
abstract class IPrinter {}
abstract class INumber {
  abstract readonly value: number;
}
abstract class IPrecise extends INumber {}

class Whole {
  constructor(readonly value: number) {}
}
class Prime extends Whole {}

@SessionComponent({ provides: [IPrecise, 'fraction'] })
class Fraction {
  readonly value = 0.5;
}

class Adder implements IAdder {
  constructor(private readonly original: { readonly value: number }) {}
  add(n: number): number {
    return this.original.value + n;
  }
}
class Subtractor extends Adder {
  override add(n: number): number {
    return -super.add(-n);
  }
}

function setup() {
  return { registry: new AdapterRegistry() };
}

describe('AdapterRegistry', () => {
  describe('registerAdapter', () => {
    it.each([Whole, 'number', Symbol('number')])('registers from %p', (original) => {
      const { registry } = setup();

      registry.registerAdapter(Adder, original, IAdder);

      expect(registry.getAdapterFactory(original, IAdder)).toBe(Adder);
    });

    it('registers several interfaces at once', () => {
      const { registry } = setup();

      registry.registerAdapter(Adder, Whole, IAdder, 'adder');

      expect(registry.getAdapterFactory(Whole, IAdder)).toBe(Adder);
      expect(registry.getAdapterFactory(Whole, 'adder')).toBe(Adder);
    });

    it('keeps to itself: registries share nothing', () => {
      const { registry } = setup();

      registry.registerAdapter(Adder, Whole, IAdder);

      expect(new AdapterRegistry().getAdapterFactory(Whole, IAdder)).toBeUndefined();
    });

    it('refuses a second adapter and names both', () => {
      const { registry } = setup();
      registry.registerAdapter(Adder, Whole, IAdder);

      const register = () => registry.registerAdapter(Subtractor, Whole, IAdder);

      expect(register).toThrow(DuplicateAdapterError);
      expect(register).toThrow(
        expect.objectContaining({
          code: 'DUPLICATE_ADAPTER',
          adapter: 'Subtractor',
          existing: 'Adder',
          original: 'Whole',
          interfaceName: 'IAdder',
        }),
      );
      expect(registry.getAdapterFactory(Whole, IAdder)).toBe(Adder);
    });

    it('refuses a duplicate from an interface, too', () => {
      const { registry } = setup();
      registry.registerAdapter(Adder, INumber, IAdder);

      expect(() => registry.registerAdapter(Subtractor, INumber, IAdder)).toThrow(
        DuplicateAdapterError,
      );
      expect(registry.getAdapterFactory(INumber, IAdder)).toBe(Adder);
    });

    it('refuses the same adapter twice', () => {
      const { registry } = setup();
      registry.registerAdapter(Adder, Whole, IAdder);

      expect(() => registry.registerAdapter(Adder, Whole, IAdder)).toThrow(DuplicateAdapterError);
    });

    it('registers nothing of a call that it refuses', () => {
      const { registry } = setup();
      registry.registerAdapter(Adder, Whole, IAdder);

      expect(() => registry.registerAdapter(Subtractor, Whole, IPrinter, IAdder, 'last')).toThrow(
        DuplicateAdapterError,
      );
      expect(registry.getAdapterFactory(Whole, IPrinter)).toBeUndefined();
      expect(registry.getAdapterFactory(Whole, 'last')).toBeUndefined();
    });

    it('refuses one interface twice in a call', () => {
      const { registry } = setup();

      expect(() => registry.registerAdapter(Adder, Whole, IPrinter, IAdder, IAdder)).toThrow(
        DuplicateAdapterError,
      );
      expect(registry.getAdapterFactory(Whole, IPrinter)).toBeUndefined();
      expect(registry.getAdapterFactory(Whole, IAdder)).toBeUndefined();
    });

    it('accepts an adapter for a subclass beside that of its superclass', () => {
      const { registry } = setup();

      registry.registerAdapter(Adder, Whole, IAdder);
      registry.registerAdapter(Subtractor, Prime, IAdder);

      expect(registry.getAdapterFactory(Whole, IAdder)).toBe(Adder);
      expect(registry.getAdapterFactory(Prime, IAdder)).toBe(Subtractor);
    });

    it('refuses a call without an interface', () => {
      const { registry } = setup();

      expect(() => registry.registerAdapter(Adder, Whole)).toThrow(SessionComponentError);
    });

    it.each([
      ['adapter', [undefined, Whole, IAdder]],
      ['original', [Adder, undefined, IAdder]],
      ['interface', [Adder, Whole, IAdder, undefined]],
    ])('refuses an undefined %s and registers nothing', (_, args) => {
      const { registry } = setup();
      const [adapter, original, ...interfaces] = args;

      // @ts-expect-error undefined is none of these
      expect(() => registry.registerAdapter(adapter, original, ...interfaces)).toThrow(
        SessionComponentError,
      );
      expect(registry.getAdapterFactory(Whole, IAdder)).toBeUndefined();
    });
  });

  describe('getAdapterFactory', () => {
    it('returns the default where nothing is registered', () => {
      const { registry } = setup();

      expect(registry.getAdapterFactory(Whole, IAdder)).toBeUndefined();
      expect(registry.getAdapterFactory(Whole, IAdder, null)).toBeNull();
    });

    it('falls back to the superclass for subclasses', () => {
      const { registry } = setup();

      registry.registerAdapter(Adder, Whole, IAdder);

      expect(registry.getAdapterFactory(Prime, IAdder)).toBe(Adder);
    });

    it('does not serve a superclass with the adapter of its subclass', () => {
      const { registry } = setup();

      registry.registerAdapter(Adder, Prime, IAdder);

      expect(registry.getAdapterFactory(Whole, IAdder)).toBeUndefined();
    });

    it('serves a class by the interfaces that it provides, and their superclasses', () => {
      const { registry } = setup();
      registry.registerAdapter(Adder, INumber, IAdder);
      registry.registerAdapter(Adder, 'fraction', IPrinter);

      expect(registry.getAdapterFactory(Fraction, IAdder)).toBe(Adder);
      expect(registry.getAdapterFactory(Fraction, IPrinter)).toBe(Adder);
    });

    it('prefers the class to its interfaces, and these to its superclass', () => {
      const { registry } = setup();
      @SessionComponent({ provides: [INumber] })
      class Even extends Whole {}
      registry.registerAdapter(Adder, Whole, IAdder, IPrinter);
      registry.registerAdapter(Subtractor, INumber, IAdder, IPrinter);
      registry.registerAdapter(Adder, Even, IPrinter);

      expect(registry.getAdapterFactory(Even, IAdder)).toBe(Subtractor);
      expect(registry.getAdapterFactory(Even, IPrinter)).toBe(Adder);
    });

    it('serves everything by an adapter of Object, as the last resort', () => {
      const { registry } = setup();
      registry.registerAdapter(Subtractor, Object, IAdder);
      expect(registry.getAdapterFactory(Fraction, IAdder)).toBe(Subtractor);

      registry.registerAdapter(Adder, INumber, IAdder);

      expect(registry.getAdapterFactory(Fraction, IAdder)).toBe(Adder);
      expect(registry.getAdapterFactory('fraction', IAdder)).toBeUndefined();
    });
  });

  describe('adapt', () => {
    it('builds the registered adapter around the object', () => {
      const { registry } = setup();
      registry.registerAdapter(Adder, Whole, IAdder);

      expect(registry.adapt(new Prime(1), IAdder).add(1)).toBe(2);
    });

    it('builds one for each call, since a plain object keeps none', () => {
      const { registry } = setup();
      registry.registerAdapter(Adder, Whole, IAdder);
      const one = new Whole(1);

      expect(registry.adapt(one, IAdder)).not.toBe(registry.adapt(one, IAdder));
    });

    it('adapts through an interface that the object provides', () => {
      const { registry } = setup();
      registry.registerAdapter(Adder, INumber, IAdder);

      expect(registry.adapt(new Fraction(), IAdder).add(1)).toBe(1.5);
    });

    it('calls an adapter that is a function, arrow or not', () => {
      const { registry } = setup();
      registry.registerAdapter((whole: Whole) => whole.value, Whole, 'arrow');
      registry.registerAdapter(
        function (whole: Whole) {
          return whole.value;
        },
        Whole,
        'function',
      );

      expect(registry.adapt(new Whole(3), 'arrow')).toBe(3);
      expect(registry.adapt(new Whole(3), 'function')).toBe(3);
    });

    it('adapts primitives by their class', () => {
      const { registry } = setup();
      registry.registerAdapter((n: number) => n * 2, Number, 'double');

      expect(registry.adapt(21, 'double')).toBe(42);
    });

    it('asks the object before the registry', () => {
      const { registry } = setup();
      const own = { add: (n: number) => n };
      class Conforming extends Whole {
        conform(iface: unknown): unknown {
          return iface === IAdder ? own : undefined;
        }
      }
      registry.registerAdapter(Adder, Whole, IAdder, IPrinter);

      expect(registry.adapt(new Conforming(1), IAdder)).toBe(own);
      expect(registry.adapt(new Conforming(1), IPrinter)).toBeInstanceOf(Adder);
    });

    it('returns an object that provides the interface, whatever is registered', () => {
      const { registry } = setup();
      registry.registerAdapter(Adder, Object, Whole, INumber);
      const one = new Prime(1);
      const half = new Fraction();

      expect(registry.adapt(one, Whole)).toBe(one);
      expect(registry.adapt(half, INumber)).toBe(half);
    });

    it('leaves persistence to an object that is componentized', () => {
      const { registry } = setup();
      class Ledger extends Componentized {
        readonly value = 1;
      }
      registry.registerAdapter(Adder, Ledger, IAdder);
      const ledger = new Ledger(registry);

      expect(registry.adapt(ledger, IAdder)).toBe(ledger.getComponent(IAdder));
    });

    it('refuses without an adapter and without a default', () => {
      const { registry } = setup();

      const adapt = () => registry.adapt(new Whole(1), IAdder);

      expect(adapt).toThrow(CannotAdaptError);
      expect(adapt).toThrow(
        expect.objectContaining({
          code: 'CANNOT_ADAPT',
          original: 'Whole',
          interfaceName: 'IAdder',
        }),
      );
    });

    it.each([undefined, null, 0, 'none'])(
      'returns the default %p when one is given',
      (fallback) => {
        const { registry } = setup();

        expect(registry.adapt(new Whole(1), IAdder, fallback)).toBe(fallback);
      },
    );

    it('takes nothing from an adapter function for "cannot"', () => {
      const { registry } = setup();
      registry.registerAdapter(() => null, Whole, IAdder);

      expect(registry.adapt(new Whole(1), IAdder, 'none')).toBe('none');
      expect(() => registry.adapt(new Whole(1), IAdder)).toThrow(CannotAdaptError);
    });

    it.each([null, undefined, Object.create(null)])(
      'adapts nothing from a value without a class',
      (value) => {
        const { registry } = setup();
        registry.registerAdapter(Adder, Object, IAdder);

        expect(registry.adapt(value, IAdder, 'none')).toBe('none');
      },
    );
  });
});
