import { State, stateFields } from '../../lib/componentized/state.decorator.js';
import { SessionComponentError } from '../../lib/errors/session.errors.js';

class Basket {
  @State() items: string[] = [];
  readonly cachedTotal = 0;
  @State() currency = 'EUR';
}
class GiftBasket extends Basket {
  @State() message = '';
  @State() override currency = 'USD';
}
class TravelBasket extends Basket {
  @State() weight = 0;
}
class EmptyBasket extends GiftBasket {}

describe('State', () => {
  it('names the decorated fields in the order of declaration', () => {
    expect(stateFields(Basket)).toEqual(['items', 'currency']);
  });

  it('names those of superclasses first, and a redeclared one once', () => {
    expect(stateFields(GiftBasket)).toEqual(['items', 'currency', 'message']);
    expect(stateFields(EmptyBasket)).toEqual(['items', 'currency', 'message']);
  });

  it('keeps the fields of a subclass from its siblings', () => {
    expect(stateFields(TravelBasket)).toEqual(['items', 'currency', 'weight']);
  });

  it('names none for a class without state', () => {
    expect(stateFields(class {})).toEqual([]);
  });

  it('leaves the field as it is', () => {
    expect(Object.keys(new Basket())).toEqual(['items', 'cachedTotal', 'currency']);
  });

  it.each(['constructor', '__proto__', 'toString', Symbol('items')])(
    'refuses a field named %p',
    (field) => {
      expect(() => State()(Basket.prototype, field)).toThrow(SessionComponentError);
      expect(stateFields(Basket)).toEqual(['items', 'currency']);
    },
  );

  it('refuses a static property and names it', () => {
    expect(() => {
      class Shelf {
        @State() static items: string[] = [];
      }
      return Shelf;
    }).toThrow(expect.objectContaining({ component: 'Shelf.items' }));
  });

  it('refuses a method', () => {
    expect(() => {
      class Shelf {
        @State() items(): string[] {
          return [];
        }
      }
      return Shelf;
    }).toThrow(SessionComponentError);
  });

  it('refuses an accessor', () => {
    expect(() => {
      class Shelf {
        @State() get items(): string[] {
          return [];
        }
      }
      return Shelf;
    }).toThrow(SessionComponentError);
  });
});
