import { z } from 'zod';
import {
  componentOptions,
  SessionComponent,
  type SessionComponentOptions,
} from '../../lib/componentized/session-component.decorator.js';
import { SessionComponentError } from '../../lib/errors/session.errors.js';

abstract class ICart {}
abstract class IPriced {}

/** Decorates a class named Cart with options that the compiler need not like. */
function decorate(options?: object) {
  class Cart {}
  SessionComponent(options)(Cart);
  return { Cart, options: componentOptions(Cart) };
}

describe('SessionComponent', () => {
  it('needs no options', () => {
    const { options } = decorate();

    expect(options).toEqual({
      provides: [],
      name: 'cart',
      version: 1,
      upgrade: undefined,
      schema: undefined,
      temporary: false,
      multi: true,
      onLogin: 'keep',
    });
  });

  it('keeps the options that it is given', () => {
    const given: SessionComponentOptions = {
      provides: [ICart, 'cart', Symbol.for('cart')],
      name: 'shop.cart-2_b',
      version: 3,
      upgrade: (old) => old,
      schema: z.object({ items: z.array(z.string()) }),
      temporary: true,
      multi: false,
      onLogin: 'drop',
    };

    expect(decorate(given).options).toEqual(given);
  });

  it.each([
    ['Cart', 'cart'],
    ['ShoppingCart', 'shoppingCart'],
    ['_Cart2', '_Cart2'],
  ])('stores the class %s as %s', (className, name) => {
    const type = { [className]: class {} }[className] ?? Object;

    SessionComponent()(type);

    expect(componentOptions(type)?.name).toBe(name);
  });

  it('names an interface once that is given twice', () => {
    expect(decorate({ provides: [ICart, IPriced, ICart] }).options?.provides).toEqual([
      ICart,
      IPriced,
    ]);
  });

  it('is not changed by a later change to its options', () => {
    const provides = [ICart];
    const { options } = decorate({ provides });

    provides.push(IPriced);

    expect(options?.provides).toEqual([ICart]);
    expect(Object.isFrozen(options)).toBe(true);
  });

  it('does not make a component of an undecorated class or subclass', () => {
    const { Cart } = decorate();
    class BigCart extends Cart {}

    expect(componentOptions(BigCart)).toBeUndefined();
    expect(componentOptions(ICart)).toBeUndefined();
  });

  it('leaves the parent alone when a subclass is decorated', () => {
    const { Cart } = decorate({ version: 2 });
    class BigCart extends Cart {}

    SessionComponent({ temporary: true })(BigCart);

    expect(componentOptions(BigCart)).toMatchObject({ name: 'bigCart', version: 1 });
    expect(componentOptions(Cart)).toMatchObject({ name: 'cart', temporary: false });
  });

  it.each([
    ['an empty name', { name: '' }],
    ['a name with a space', { name: 'my cart' }],
    ['a name with a slash', { name: 'shop/cart' }],
    ['a name with a letter beyond ASCII', { name: 'einkaufstüte' }],
    ['a name that ends in a line break', { name: 'cart\n' }],
    ['a name that every object has', { name: '__proto__' }],
    ['a name that is no string', { name: 7 }],
    ['version 0', { version: 0 }],
    ['version -1', { version: -1 }],
    ['version 1.5', { version: 1.5 }],
    ['version NaN', { version: Number.NaN }],
    ['version Infinity', { version: Number.POSITIVE_INFINITY }],
    ['version "1"', { version: '1' }],
    ['an upgrade that is no function', { upgrade: 'v2' }],
    ['a schema that is no Standard Schema', { schema: { parse: () => ({}) } }],
    ['a schema of another version', { schema: { '~standard': { version: 2, validate() {} } } }],
    ['a schema that does not validate', { schema: { '~standard': { version: 1 } } }],
    ['a schema with nothing in it', { schema: { '~standard': null } }],
    ['a schema that is null', { schema: null }],
    ['a single interface in place of an array', { provides: ICart }],
    ['an interface that is undefined', { provides: [ICart, undefined] }],
    ['a hole among the interfaces', { provides: Array.from({ length: 2 }) }],
    ['an interface that is no token', { provides: [{}] }],
    ['a temporary that is no boolean', { temporary: 'yes' }],
    ['a multi that is no boolean', { multi: 1 }],
    ['an unknown onLogin', { onLogin: 'forget' }],
  ])('refuses %s and names the class', (_, options) => {
    expect(() => decorate(options)).toThrow(SessionComponentError);
    expect(() => decorate(options)).toThrow(
      expect.objectContaining({ code: 'SESSION_COMPONENT_INVALID', component: 'Cart' }),
    );
  });

  it('refuses a class without a name unless the options have one', () => {
    expect(() => SessionComponent()(class {})).toThrow(SessionComponentError);
    expect(() => SessionComponent({ name: 'cart' })(class {})).not.toThrow();
  });

  it('accepts a schema that is a function, as those of ArkType are', () => {
    const schema = Object.assign(() => undefined, {
      '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) },
    });

    expect(decorate({ schema }).options?.schema).toBe(schema);
  });
});
