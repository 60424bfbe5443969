import { adapt } from '../../lib/componentized/adapt.js';
import { CannotAdaptError } from '../../lib/componentized/adapter.errors.js';
import { SessionComponent } from '../../lib/componentized/session-component.decorator.js';
import { SessionComponentError } from '../../lib/errors/session.errors.js';

abstract class IShape {}
abstract class IRound extends IShape {}
abstract class IColoured {}

@SessionComponent({ provides: [IRound, 'shape'] })
class Circle {}
class Ring extends Circle {}

/** Forwards `conform` to what it wraps, as Twisted's `Adapter` does. */
class Frame {
  constructor(private readonly original: { conform(iface: unknown): unknown }) {}
  conform(iface: unknown): unknown {
    return this.original.conform(iface);
  }
}

describe('adapt', () => {
  it('returns what the object conforms to', () => {
    const shape = {};

    expect(adapt({ conform: () => shape }, IShape)).toBe(shape);
  });

  it('tells conform which interface is asked for, and calls it on the object', () => {
    const object = {
      conform(iface: unknown): unknown {
        return [this, iface];
      },
    };

    expect(adapt(object, IShape)).toEqual([object, IShape]);
  });

  it('follows an adapter that forwards to its original', () => {
    const shape = {};

    expect(adapt(new Frame({ conform: () => shape }), IShape)).toBe(shape);
  });

  it('takes what the object conforms to before the object itself', () => {
    const shape = {};
    class Disguised extends IShape {
      conform(): unknown {
        return shape;
      }
    }

    expect(adapt(new Disguised(), IShape)).toBe(shape);
  });

  it.each([null, undefined])('goes on when conform returns %s', (nothing) => {
    class Plain extends IShape {
      conform(): unknown {
        return nothing;
      }
    }
    const plain = new Plain();

    expect(adapt(plain, IShape)).toBe(plain);
    expect(adapt(plain, IColoured, 'none')).toBe('none');
  });

  it('passes on what conform throws', () => {
    const object = {
      conform(): never {
        throw new RangeError();
      },
    };

    expect(() => adapt(object, IShape, null)).toThrow(RangeError);
  });

  it('ignores a conform that is no method', () => {
    expect(adapt({ conform: 'yes' }, IShape, null)).toBeNull();
  });

  it('returns an instance of the interface', () => {
    class Square extends IRound {}
    const square = new Square();

    expect(adapt(square, IShape)).toBe(square);
  });

  it('returns an object whose class provides the interface, or a subclass of it', () => {
    const circle = new Circle();

    expect(adapt(circle, IRound)).toBe(circle);
    expect(adapt(circle, 'shape')).toBe(circle);
    expect(adapt(circle, IShape)).toBe(circle);
  });

  it('returns an object whose superclass provides the interface', () => {
    const ring = new Ring();

    expect(adapt(ring, IRound)).toBe(ring);
  });

  it('asks an interface that recognises its instances itself', () => {
    abstract class IThenable {
      static [Symbol.hasInstance](value: unknown): boolean {
        return value instanceof Promise;
      }
    }
    const promise = Promise.resolve();

    expect(adapt(promise, IThenable)).toBe(promise);
  });

  it('refuses when nothing answers and no default is given', () => {
    expect(() => adapt(new Circle(), IColoured)).toThrow(CannotAdaptError);
    expect(() => adapt(new Circle(), IColoured)).toThrow(
      expect.objectContaining({ code: 'CANNOT_ADAPT', original: 'Circle' }),
    );
  });

  it.each([undefined, null, false, 'none'])(
    'returns the default %p when one is given',
    (fallback) => {
      expect(adapt(new Circle(), IColoured, fallback)).toBe(fallback);
    },
  );

  it.each([null, undefined, 7, Object.create(null)])(
    'refuses a value that provides nothing',
    (value) => {
      expect(() => adapt(value, IShape)).toThrow(CannotAdaptError);
    },
  );

  it.each([undefined, null, 7, {}, () => undefined])('refuses %p as an interface', (iface) => {
    // @ts-expect-error none of these is an interface
    expect(() => adapt({}, iface, null)).toThrow(SessionComponentError);
  });
});
