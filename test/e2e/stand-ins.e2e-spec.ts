import { inspect } from 'node:util';
import { Inject, Injectable } from '@nestjs/common';
import {
  adapt,
  InjectSession,
  NoCurrentSessionError,
  Session,
  SessionComponent,
  SessionService,
  State,
} from 'nestjs-live-session';
import { bootService } from '../support/boot-service.js';

abstract class ICart {
  abstract add(sku: string): this;
  abstract note: string;
  abstract readonly total: number;
}

@SessionComponent({ provides: [ICart, 'cart'] })
class Cart extends ICart {
  @State() items: string[] = [];
  #note = 'none';
  marked = false;

  constructor(readonly session: Session) {
    super();
  }

  add(sku: string): this {
    this.items.push(sku);
    return this;
  }

  get total(): number {
    return this.items.length;
  }

  get note(): string {
    return this.#note;
  }

  set note(text: string) {
    this.#note = text;
  }

  override toString(): string {
    return `a cart of ${this.total}`;
  }

  shout(): string {
    return this.#note.toUpperCase();
  }
}

@Injectable()
class Checkout {
  @InjectSession() readonly sessionProperty!: Session;
  @InjectSession(ICart) readonly cartProperty!: ICart;

  constructor(
    readonly cart: ICart,
    readonly session: Session,
    readonly byClass: Cart,
    @InjectSession(ICart) readonly decoratedCart: ICart,
    @InjectSession() readonly decoratedSession: Session,
    @Inject('cart') readonly byName: Cart,
    readonly sessions: SessionService,
  ) {}
}

async function setup() {
  const { module, sessions } = await bootService({ components: [Cart], providers: [Checkout] });
  const session = await sessions.makeSession();
  const checkout = module.get(Checkout);
  return {
    checkout,
    sessions,
    session,
    cart: session.getComponent(Cart),
    /** Runs a function for the session. */
    run: <T>(fn: () => T): T => sessions.run(session, fn),
  };
}

describe('What is injected for the session', () => {
  it.each(['session', 'decoratedSession', 'sessionProperty'] as const)(
    'is the current session (%s)',
    async (key) => {
      const { checkout, session, run } = await setup();

      expect(run(() => checkout[key].id)).toBe(session.id);
    },
  );

  it.each(['cart', 'byClass', 'decoratedCart', 'cartProperty', 'byName'] as const)(
    "is the current session's component (%s)",
    async (key) => {
      const { checkout, cart, run } = await setup();

      run(() => checkout[key].add('tea'));

      expect(cart.items).toEqual(['tea']);
    },
  );

  it('is an instance of the class that it stands for, in a request and outside of one', async () => {
    const { checkout, run } = await setup();

    const classes = () => [
      checkout.session instanceof Session,
      checkout.cart instanceof ICart,
      checkout.byClass instanceof Cart,
      checkout.byName instanceof Cart,
    ];

    expect(classes()).toEqual([true, true, true, false]);
    expect(run(classes)).toEqual([true, true, true, false]);
  });

  it('runs methods and accessors that use private fields', async () => {
    const { checkout, run } = await setup();

    run(() => (checkout.byClass.note = 'gift'));

    expect(run(() => [checkout.cart.note, checkout.byClass.shout()])).toEqual(['gift', 'GIFT']);
  });

  it('sets, deletes and defines fields on the component', async () => {
    const { checkout, cart, run } = await setup();

    run(() => {
      checkout.byClass.marked = true;
      Object.assign(checkout.cart, { colour: 'red', size: 'XL' });
      Object.defineProperty(checkout.cart, 'weight', { configurable: true, value: 3 });
      Reflect.deleteProperty(checkout.cart, 'size');
    });

    expect(cart).toMatchObject({ marked: true, colour: 'red', weight: 3 });
    expect(cart).not.toHaveProperty('size');
  });

  it('sets the time-out of the session', async () => {
    const { checkout, session, run } = await setup();

    run(() => (checkout.session.sessionTimeout = 60));

    expect(session.sessionTimeout).toBe(60);
  });

  it('shows the fields of the component', async () => {
    const { checkout, run } = await setup();

    const seen = run(() => ({
      keys: Object.keys(checkout.cart),
      hasItems: 'items' in checkout.cart,
      copy: Object.fromEntries(Object.entries(checkout.byClass)).items,
    }));

    expect(seen).toEqual({ keys: ['session', 'items', 'marked'], hasItems: true, copy: [] });
  });

  it('has methods that stay the same and can be passed on', async () => {
    const { checkout, cart, run } = await setup();

    const add = run(() => Reflect.get(checkout.cart, 'add'));
    const touch = Reflect.get(checkout.session, 'touch');

    expect(run(() => Reflect.get(checkout.cart, 'add'))).toBe(add);
    expect(run(() => touch())).toBe(true);
    expect(run(() => add('tea'))).toBe(cart);
  });

  it('can be adapted', async () => {
    const { checkout, cart, run } = await setup();

    expect(run(() => adapt(checkout.session, ICart))).toBe(cart);
  });

  it('prints as what it stands for', async () => {
    const { checkout, cart, session, run } = await setup();
    cart.add('tea');

    const shown = run(() => [inspect(checkout.session), inspect(checkout.byClass)]);

    expect(shown).toEqual([inspect(session), inspect(cart)]);
    expect(shown.join()).toContain('tea');
    expect(shown.join()).not.toContain(session.uid);
  });

  it('becomes the string that its class makes of it', async () => {
    const { checkout, run } = await setup();

    const { byClass, cart, byName } = checkout;
    const shown = run(() => [byClass, cart, byName].map((value: unknown) => String(value)));

    expect(shown).toEqual(['a cart of 0', 'a cart of 0', 'a cart of 0']);
  });

  it('becomes the JSON of what it stands for', async () => {
    const { checkout, cart, session, run } = await setup();

    const json = run(() => JSON.stringify([checkout.session, checkout.cart]));

    expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify([session, cart])));
  });
});

describe('What is injected for the session, outside of a request,', () => {
  it.each([
    ['a method of the session', ({ session }: Checkout) => session.touch()],
    ['a property of the session', ({ session }: Checkout) => session.id],
    ['a setter of the session', ({ session }: Checkout) => (session.sessionTimeout = 60)],
    ['a method of a component', ({ cart }: Checkout) => cart.add('tea')],
    ['an accessor of a component', ({ cart }: Checkout) => cart.total],
    ['a field of a component', ({ byClass }: Checkout) => byClass.items],
    ['a field that is set', ({ byClass }: Checkout) => (byClass.items = [])],
    [
      'a field that is deleted',
      ({ byClass }: Checkout) => Reflect.deleteProperty(byClass, 'items'),
    ],
    [
      'a field that is defined',
      ({ byClass }: Checkout) => Reflect.defineProperty(byClass, 'items', { value: [] }),
    ],
    ['a component by name', ({ byName }: Checkout) => byName.items],
    ['the session, run', ({ session, sessions }: Checkout) => sessions.run(session, () => 1)],
  ])('says what is missing: %s', async (_, use) => {
    const { checkout } = await setup();

    expect(() => use(checkout)).toThrow(NoCurrentSessionError);
    expect(() => use(checkout)).toThrow(expect.objectContaining({ code: 'NO_CURRENT_SESSION' }));
  });

  it('names itself and the cure', async () => {
    const { checkout } = await setup();

    expect(() => checkout.session.id).toThrow(/Session .*sessions\.run\(session, fn\)/);
    expect(() => checkout.cart.total).toThrow(/ICart .*sessions\.run\(session, fn\)/);
  });

  it('refuses to be the session that expireAll() spares', async () => {
    const { checkout, sessions } = await setup();

    const ending = sessions.expireAll('ann', { except: checkout.session });

    await expect(ending).rejects.toBeInstanceOf(NoCurrentSessionError);
  });

  it.each([
    'then',
    'onModuleInit',
    'onApplicationBootstrap',
    'onModuleDestroy',
    'beforeApplicationShutdown',
    'onApplicationShutdown',
  ])('has no %s, so that frameworks let it be', async (key) => {
    const { checkout } = await setup();

    expect(Reflect.get(checkout.session, key)).toBeUndefined();
    expect(Reflect.get(checkout.cart, key)).toBeUndefined();
    expect(key in checkout.cart).toBe(false);
  });

  it.each([
    ['inspected', inspect, ['Session { the current one }', 'ICart { the current one }']],
    ['made JSON', JSON.stringify, ['{}', '{}']],
    ['made a string', String, ['[object Object]', '[object Object]']],
    ['listed', (value: object) => Object.keys(value), [[], []]],
    ['asked for its class', (value: object) => value.constructor, [Session, ICart]],
    ['asked for an iterator', (value: object) => Symbol.iterator in value, [false, false]],
  ])('can be %s', async (_, look, expected) => {
    const { checkout } = await setup();

    expect([checkout.session, checkout.cart].map((value) => look(value))).toEqual(expected);
  });

  it('can be awaited', async () => {
    const { checkout } = await setup();

    await expect(Promise.resolve(checkout.cart)).resolves.toBe(checkout.cart);
  });
});

describe('sessions.run()', () => {
  it('makes a session the current one, and returns what the function does', async () => {
    const { sessions, session } = await setup();

    expect(sessions.current()).toBeUndefined();
    expect(sessions.run(session, () => sessions.current())).toBe(session);
    expect(sessions.current()).toBeUndefined();
  });

  it('throws what the function throws', async () => {
    const { run } = await setup();

    const fail = () => {
      throw new Error('out of stock');
    };

    expect(() => run(fail)).toThrow('out of stock');
  });

  it('nests', async () => {
    const { checkout, sessions, session, run } = await setup();
    const inner = await sessions.makeSession();

    const ids = run(() => [
      checkout.session.id,
      sessions.run(inner, () => checkout.session.id),
      checkout.session.id,
    ]);

    expect(ids).toEqual([session.id, inner.id, session.id]);
  });

  it('reaches across awaits, timers and events', async () => {
    const { checkout, session, run } = await setup();

    const ids = await run(async () => {
      await Promise.resolve();
      const afterAwait = checkout.session.id;
      const inTimer = await new Promise((go) => setImmediate(() => go(checkout.session.id)));
      const inTick = await new Promise((go) => process.nextTick(() => go(checkout.session.id)));
      return [afterAwait, inTimer, inTick];
    });

    expect(ids).toEqual([session.id, session.id, session.id]);
  });

  it('keeps what runs side by side apart', async () => {
    const { checkout, sessions } = await setup();
    const many = await Promise.all(Array.from({ length: 50 }, () => sessions.makeSession()));

    const seen = await Promise.all(
      many.map((session) =>
        sessions.run(session, async () => {
          await new Promise((go) => setImmediate(go));
          checkout.cart.add(session.id);
          await Promise.resolve();
          return [checkout.session.id, ...checkout.byClass.items];
        }),
      ),
    );

    expect(seen).toEqual(many.map(({ id }) => [id, id]));
  });

  it('takes what is injected for the session, and runs for the one that it stands for now', async () => {
    const { checkout, sessions, session, run } = await setup();
    const inner = await sessions.makeSession();

    const job = run(() => sessions.run(checkout.session, () => () => sessions.current()));
    const current = run(() =>
      sessions.run(checkout.session, () => sessions.run(inner, () => sessions.current())),
    );

    expect(run(() => sessions.run(checkout.session, () => sessions.current()))).toBe(session);
    expect(current).toBe(inner);
    expect(sessions.run(inner, job)).toBe(inner);
  });

  it('offers the ended session, too', async () => {
    const { checkout, cart, session, run } = await setup();
    cart.add('tea');
    await session.expire();

    expect(run(() => [checkout.cart.total, checkout.session.isExpired])).toEqual([1, true]);
  });
});

describe('expireAll()', () => {
  it('spares the session that is injected', async () => {
    const { checkout, sessions, session, run } = await setup();
    await session.login('ann');
    const other = await sessions.makeSession();
    await other.login('ann');

    const ended = await run(() => sessions.expireAll('ann', { except: checkout.session }));

    expect(ended).toBe(1);
    expect([session.isExpired, other.isExpired]).toEqual([false, true]);
  });
});
