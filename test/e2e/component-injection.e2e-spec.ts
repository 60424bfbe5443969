import { forwardRef, Global, Inject, Injectable, Module, Optional, Scope } from '@nestjs/common';
import {
  InjectSession,
  Session,
  SessionComponent,
  SessionModule,
  SessionService,
} from 'nestjs-live-session';
import { boot, type BootOptions } from '../support/boot.js';

const TAX = Symbol('tax');

@Injectable()
class PriceService {
  of(sku: string): number {
    return sku.length;
  }
}

async function setup(options: BootOptions) {
  const booted = await boot(options);
  return { ...booted, session: await booted.sessions.makeSession() };
}

describe('A component is given', () => {
  it('the providers that it names by class', async () => {
    @SessionComponent()
    class Cart {
      constructor(readonly prices: PriceService) {}
    }

    const { app, session } = await setup({ components: [Cart], providers: [PriceService] });

    expect(session.getComponent(Cart).prices).toBe(app.get(PriceService));
  });

  it('providers by string and by symbol', async () => {
    @SessionComponent()
    class Cart {
      constructor(
        @Inject('currency') readonly currency: string,
        @Inject(TAX) readonly tax: number,
      ) {}
    }
    const providers = [
      { provide: 'currency', useValue: 'EUR' },
      { provide: TAX, useValue: 0.19 },
    ];

    const { session } = await setup({ components: [Cart], providers });

    expect(session.getComponent(Cart)).toMatchObject({ currency: 'EUR', tax: 0.19 });
  });

  it('what an async factory resolves to', async () => {
    @SessionComponent()
    class Cart {
      constructor(@Inject(TAX) readonly tax: number) {}
    }
    const ticks = { provide: 'ticks', useFactory: () => new Promise((go) => setImmediate(go)) };
    const tax = { provide: TAX, inject: ['ticks'], useFactory: () => Promise.resolve(0.19) };

    const { session } = await setup({ components: [Cart], providers: [tax, ticks] });

    expect(session.getComponent(Cart).tax).toBe(0.19);
  });

  it('undefined for an optional provider that is absent', async () => {
    @SessionComponent()
    class Cart {
      @Optional() @Inject(TAX) readonly tax?: number;
      constructor(@Optional() readonly prices?: PriceService) {}
    }

    const { session } = await setup({ components: [Cart] });

    expect(session.getComponent(Cart)).toEqual({ prices: undefined, tax: undefined });
  });

  it('an optional provider that is present', async () => {
    @SessionComponent()
    class Cart {
      constructor(@Optional() readonly prices?: PriceService) {}
    }

    const { session } = await setup({ components: [Cart], providers: [PriceService] });

    expect(session.getComponent(Cart).prices).toBeInstanceOf(PriceService);
  });

  it('its own default for an optional property that is absent', async () => {
    @SessionComponent()
    class Cart {
      @Optional() @Inject(TAX) readonly tax: number = 0.07;
    }

    const { session } = await setup({ components: [Cart] });

    expect(session.getComponent(Cart).tax).toBe(0.07);
  });

  it('a provider by forwardRef', async () => {
    @SessionComponent()
    class Cart {
      constructor(@Inject(forwardRef(() => PriceService)) readonly prices: PriceService) {}
    }

    const { app, session } = await setup({ components: [Cart], providers: [PriceService] });

    expect(session.getComponent(Cart).prices).toBe(app.get(PriceService));
  });

  it('providers that depend on each other by forwardRef, complete', async () => {
    @Injectable()
    class Stock {
      constructor(@Inject(forwardRef(() => Orders)) readonly orders: unknown) {}
    }
    @Injectable()
    class Orders {
      constructor(@Inject(forwardRef(() => Stock)) readonly stock: unknown) {}
    }
    @SessionComponent()
    class Cart {
      constructor(@Inject(forwardRef(() => Stock)) readonly stock: Stock) {}
    }

    const { app, session } = await setup({ components: [Cart], providers: [Stock, Orders] });

    expect(session.getComponent(Cart).stock).toBe(app.get(Stock));
    expect(app.get(Stock).orders).toBeInstanceOf(Orders);
  });

  it('its properties, those with a symbol as name too', async () => {
    const prices = Symbol('prices');
    @SessionComponent()
    class Cart {
      @Inject(TAX) readonly tax!: number;
      @Inject(PriceService) readonly [prices]!: PriceService;
    }
    const providers = [PriceService, { provide: TAX, useValue: 0.19 }];

    const { session } = await setup({ components: [Cart], providers });

    expect(session.getComponent(Cart).tax).toBe(0.19);
    expect(session.getComponent(Cart)[prices]).toBeInstanceOf(PriceService);
  });

  it('what its superclass asks for', async () => {
    class Priced {
      @Inject(TAX) readonly tax!: number;
      constructor(readonly prices: PriceService) {}
    }
    Injectable()(Priced);
    Reflect.defineMetadata('design:paramtypes', [PriceService], Priced);
    @SessionComponent()
    class Cart extends Priced {}
    const providers = [PriceService, { provide: TAX, useValue: 0.19 }];

    const { session } = await setup({ components: [Cart], providers });

    expect(session.getComponent(Cart).prices).toBeInstanceOf(PriceService);
    expect(session.getComponent(Cart).tax).toBe(0.19);
  });

  it('providers that are private to the module that imports forFeature', async () => {
    @SessionComponent()
    class Cart {
      constructor(readonly prices: PriceService) {}
    }
    @Module({ imports: [SessionModule.forFeature([Cart])], providers: [PriceService] })
    class CartModule {}

    const { session } = await setup({ imports: [CartModule] });

    expect(session.getComponent(Cart).prices).toBeInstanceOf(PriceService);
  });

  it('providers that the importing module imports, or that are global', async () => {
    @Module({ providers: [PriceService], exports: [PriceService] })
    class PriceModule {}
    @Global()
    @Module({ providers: [{ provide: TAX, useValue: 0.19 }], exports: [TAX] })
    class TaxModule {}
    @SessionComponent()
    class Cart {
      constructor(
        readonly prices: PriceService,
        @Inject(TAX) readonly tax: number,
      ) {}
    }
    @Module({ imports: [PriceModule, SessionModule.forFeature([Cart])] })
    class CartModule {}

    const { session } = await setup({ imports: [TaxModule, CartModule] });

    expect(session.getComponent(Cart)).toEqual({ prices: expect.any(PriceService), tax: 0.19 });
  });

  it('what overrideProvider() puts in the place of a provider', async () => {
    @SessionComponent()
    class Cart {
      constructor(readonly prices: PriceService) {}
    }
    const fake = { of: () => 42 };

    const { session } = await setup({
      components: [Cart],
      providers: [PriceService],
      override: (builder) => builder.overrideProvider(PriceService).useValue(fake),
    });

    expect(session.getComponent(Cart).prices.of('tea')).toBe(42);
  });

  it('a transient provider of its own', async () => {
    @Injectable({ scope: Scope.TRANSIENT })
    class Journal {}
    @SessionComponent()
    class Cart {
      constructor(readonly journal: Journal) {}
    }
    @SessionComponent()
    class Profile {
      constructor(readonly journal: Journal) {}
    }

    const { session } = await setup({ components: [Cart, Profile], providers: [Journal] });

    expect(session.getComponent(Cart).journal).toBeInstanceOf(Journal);
    expect(session.getComponent(Cart).journal).not.toBe(session.getComponent(Profile).journal);
  });

  it('its session by type, by decorator and as property', async () => {
    @SessionComponent()
    class Cart {
      @InjectSession() readonly third!: Session;
      constructor(
        readonly first: Session,
        @InjectSession() readonly second: Session,
      ) {}
    }

    const { session } = await setup({ components: [Cart] });

    const cart = session.getComponent(Cart);
    expect([cart.first, cart.second, cart.third].every((own) => own === session)).toBe(true);
  });

  it('the session service and the reactor', async () => {
    @SessionComponent()
    class Cart {
      constructor(readonly sessions: SessionService) {}
    }

    const { session, sessions } = await setup({ components: [Cart] });

    expect(session.getComponent(Cart).sessions).toBe(sessions);
  });

  it.each([
    ['has whatever it is asked for', () => () => undefined],
    [
      'refuses to answer',
      () => {
        throw new Error('not now');
      },
    ],
  ])('a provider that is a proxy and %s', async (_, answer) => {
    const get = (_target: object, key: unknown) => (typeof key === 'symbol' ? answer() : undefined);
    const mock = new Proxy({}, { get });
    @SessionComponent()
    class Cart {
      constructor(@Inject('mock') readonly given: unknown) {}
    }
    const providers = [{ provide: 'mock', useFactory: () => mock }];

    const { session } = await setup({ components: [Cart], providers });

    expect(session.getComponent(Cart).given === mock).toBe(true);
  });
});

describe('A component is given other components of its session', () => {
  abstract class IAddress {}
  @SessionComponent({ provides: [IAddress, 'address'] })
  class Address extends IAddress {
    constructor(readonly session: Session) {
      super();
    }
  }

  it('by @InjectSession() and by plain type', async () => {
    @SessionComponent()
    class Checkout {
      constructor(
        readonly byType: Address,
        readonly byInterface: IAddress,
        @InjectSession(Address) readonly byDecorator: Address,
        @InjectSession('address') readonly byName: unknown,
      ) {}
    }

    const { session } = await setup({ components: [Checkout, Address] });

    const { byType, byInterface, byDecorator, byName } = session.getComponent(Checkout);
    expect(new Set([byType, byInterface, byDecorator, byName])).toEqual(
      new Set([session.getComponent(Address)]),
    );
  });

  it('by property', async () => {
    @SessionComponent()
    class Checkout {
      @InjectSession(IAddress) readonly address!: IAddress;
    }

    const { session } = await setup({ components: [Checkout, Address] });

    expect(session.getComponent(Checkout).address).toBe(session.getComponent(Address));
  });

  it('and never those of another session', async () => {
    @SessionComponent()
    class Checkout {
      constructor(readonly address: Address) {}
    }

    const { session, sessions } = await setup({ components: [Checkout, Address] });
    const other = await sessions.makeSession();

    const checkout = sessions.run(other, () => session.getComponent(Checkout));
    expect(checkout.address.session).toBe(session);
  });

  it('that another module registers and exports', async () => {
    @Module({ imports: [SessionModule.forFeature([Address])], exports: [SessionModule] })
    class Unused {}
    const feature = SessionModule.forFeature([Address]);
    @Module({ imports: [feature], exports: [feature] })
    class AddressModule {}
    @SessionComponent()
    class Checkout {
      constructor(readonly address: Address) {}
    }
    @Module({ imports: [AddressModule, SessionModule.forFeature([Checkout])] })
    class CheckoutModule {}

    const { session } = await setup({ imports: [CheckoutModule] });

    expect(Unused).toBeDefined();
    expect(session.getComponent(Checkout).address).toBe(session.getComponent(Address));
  });

  it('but not itself by a detour, which is an error that names it', async () => {
    @SessionComponent()
    class Egg {
      constructor(@InjectSession('hen') readonly hen: unknown) {}
    }
    @SessionComponent({ provides: ['hen'] })
    class Hen {
      constructor(readonly egg: Egg) {}
    }

    const { session } = await setup({ components: [Egg, Hen] });

    const error = { code: 'SESSION_COMPONENT_INVALID', component: 'Egg' };
    expect(() => session.getComponent(Egg)).toThrow(expect.objectContaining(error));
    expect(() => session.getComponent(Egg)).toThrow(expect.objectContaining(error));
  });
});

describe('What a component depends on', () => {
  it('is resolved once, at boot, and not for each session', async () => {
    let made = 0;
    @SessionComponent()
    class Cart {
      constructor(@Inject(TAX) readonly tax: object) {}
    }
    const tax = { provide: TAX, scope: Scope.TRANSIENT, useFactory: () => ({ made: ++made }) };

    const { sessions } = await setup({ components: [Cart], providers: [tax] });
    const afterBoot = made;
    const carts = [await sessions.makeSession(), await sessions.makeSession()].map((session) =>
      session.getComponent(Cart),
    );

    expect(made).toBe(afterBoot);
    expect(carts[0]?.tax).toBe(carts[1]?.tax);
  });

  it('is resolved without running the constructor of the component', async () => {
    let built = 0;
    @SessionComponent()
    class Cart {
      constructor(readonly session: Session) {
        built++;
      }
    }

    const { session } = await setup({ components: [Cart] });
    const before = built;
    session.getComponent(Cart);

    expect([before, built]).toEqual([0, 1]);
  });
});
