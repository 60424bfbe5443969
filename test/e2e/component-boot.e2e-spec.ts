import { Inject, Injectable, Module, Scope } from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import {
  DuplicateAdapterError,
  InjectSession,
  Session,
  SessionComponent,
  SessionComponentError,
  SessionModule,
  SessionService,
  State,
} from 'nestjs-live-session';
import { boot } from '../support/boot.js';

abstract class ICart {}

@Injectable()
class PriceService {}

@SessionComponent({ provides: [ICart] })
class Cart extends ICart {
  constructor(readonly session: Session) {
    super();
  }
}

/** What becomes of an application, or of its container, with these imports. */
function compile(metadata: Parameters<typeof Test.createTestingModule>[0]) {
  return Test.createTestingModule(metadata).compile();
}

function invalid(component: string) {
  return expect.objectContaining({ code: 'SESSION_COMPONENT_INVALID', component });
}

describe('The boot of an application fails', () => {
  it('on a component with a dependency that is not there', async () => {
    @SessionComponent()
    class Basket {
      constructor(readonly prices: PriceService) {}
    }

    const booting = boot({ components: [Basket] });

    await expect(booting).rejects.toBeInstanceOf(SessionComponentError);
    await expect(booting).rejects.toEqual(invalid('Basket'));
  });

  it('on a dependency that is private to another module', async () => {
    @SessionComponent()
    class Basket {
      constructor(readonly prices: PriceService) {}
    }
    @Module({ providers: [PriceService] })
    class PriceModule {}

    const booting = boot({ imports: [PriceModule], components: [Basket] });

    await expect(booting).rejects.toEqual(invalid('Basket'));
  });

  it('on a dependency whose factory fails', async () => {
    @SessionComponent()
    class Basket {
      constructor(@Inject('tax') readonly tax: number) {}
    }
    const tax = { provide: 'tax', useFactory: () => Promise.reject(new Error('no tax today')) };

    await expect(boot({ components: [Basket], providers: [tax] })).rejects.toThrow('no tax today');
  });

  it('on two components for one interface', async () => {
    @SessionComponent({ provides: [ICart] })
    class Basket extends ICart {}

    const booting = boot({ components: [Cart, Basket] });

    await expect(booting).rejects.toBeInstanceOf(DuplicateAdapterError);
    await expect(booting).rejects.toThrow(/Basket.*Cart/);
  });

  it('on two components whose states have one name', async () => {
    @SessionComponent({ name: 'basket' })
    class First {
      @State() items = [];
    }
    @SessionComponent({ name: 'basket', version: 2 })
    class Second {
      @State() items = [];
    }

    await expect(boot({ components: [First, Second] })).rejects.toEqual(invalid('Second'));
  });

  it.each([
    ['temporary', { temporary: true }],
    ['made once for each interface', { multi: false }],
  ])('on a component with state that is %s', async (_, options) => {
    @SessionComponent(options)
    class Basket {
      @State() items = [];
    }

    await expect(boot({ components: [Basket] })).rejects.toEqual(invalid('Basket'));
  });

  it('on a component among the providers of a module, where all sessions would share it', async () => {
    const booting = boot({ components: [Cart], providers: [Cart] });

    await expect(booting).rejects.toEqual(invalid('Cart'));
  });

  it('on a component that is provided under its interface, where all sessions would share it', async () => {
    const booting = boot({ providers: [{ provide: ICart, useClass: Cart }] });

    await expect(booting).rejects.toEqual(invalid('Cart'));
  });

  it('on forFeature() without forRoot()', async () => {
    @SessionComponent()
    class Basket {}

    const compiling = compile({ imports: [SessionModule.forFeature([Basket])] });

    await expect(compiling).rejects.toBeInstanceOf(SessionComponentError);
    await expect(compiling).rejects.toThrow('SessionModule.forRoot()');
  });
});

describe('The boot of an application fails on a request-scoped dependency', () => {
  @Injectable({ scope: Scope.REQUEST })
  class Visitor {}
  @Injectable()
  class Greeting {
    constructor(readonly visitor: Visitor) {}
  }

  it('of the constructor', async () => {
    @SessionComponent()
    class Basket {
      constructor(readonly visitor: Visitor) {}
    }

    const booting = boot({ components: [Basket], providers: [Visitor] });

    await expect(booting).rejects.toEqual(invalid('Basket'));
  });

  it('of a property', async () => {
    @SessionComponent()
    class Basket {
      @Inject(Visitor) readonly visitor!: Visitor;
    }

    const booting = boot({ components: [Basket], providers: [Visitor] });

    await expect(booting).rejects.toEqual(invalid('Basket'));
  });

  it('of a dependency', async () => {
    @SessionComponent()
    class Basket {
      constructor(readonly greeting: Greeting) {}
    }

    const booting = boot({ components: [Basket], providers: [Visitor, Greeting] });

    await expect(booting).rejects.toEqual(invalid('Basket'));
  });

  it('of a dependency of a property', async () => {
    @SessionComponent()
    class Basket {
      @Inject(Greeting) readonly greeting!: Greeting;
    }

    const booting = boot({ components: [Basket], providers: [Visitor, Greeting] });

    await expect(booting).rejects.toEqual(invalid('Basket'));
  });

  it('of a property of a dependency', async () => {
    @Injectable()
    class Welcome {
      @Inject(Visitor) readonly visitor!: Visitor;
    }
    @SessionComponent()
    class Basket {
      constructor(readonly welcome: Welcome) {}
    }

    const booting = boot({ components: [Basket], providers: [Visitor, Welcome] });

    await expect(booting).rejects.toEqual(invalid('Basket'));
  });

  it('that is the request itself', async () => {
    @SessionComponent()
    class Basket {
      constructor(@Inject(REQUEST) readonly request: unknown) {}
    }

    await expect(boot({ components: [Basket] })).rejects.toEqual(invalid('Basket'));
  });

  it('that is made by a factory', async () => {
    @SessionComponent()
    class Basket {
      constructor(@Inject('visitor') readonly visitor: unknown) {}
    }
    const visitor = { provide: 'visitor', scope: Scope.REQUEST, useFactory: () => ({}) };

    const booting = boot({ components: [Basket], providers: [visitor] });

    await expect(booting).rejects.toEqual(invalid('Basket'));
  });
});

describe('forFeature()', () => {
  it.each([
    ['a class that is not decorated', [PriceService], 'PriceService'],
    ['an undecorated subclass of a component', [class BigCart extends Cart {}], 'BigCart'],
    ['undefined, as a circular import leaves it', [undefined], 'forFeature()'],
    ['null', [null], 'null'],
    ['an instance', [{}], 'an object'],
    ['a component outside of an array', Cart, 'forFeature()'],
    ['nothing', undefined, 'forFeature()'],
  ])('refuses %s', (_, given, component) => {
    expect(() => SessionModule.forFeature(given as never)).toThrow(SessionComponentError);
    expect(() => SessionModule.forFeature(given as never)).toThrow(invalid(component));
  });

  it('takes an empty list', async () => {
    const { sessions } = await boot({ components: [] });

    expect((await sessions.makeSession()).getComponent(Cart)).toBeUndefined();
  });

  it('takes a component that another module registers, too', async () => {
    @Module({ imports: [SessionModule.forFeature([Cart])] })
    class CartModule {}
    @Module({ imports: [SessionModule.forFeature([Cart])] })
    class CheckoutModule {}

    const { sessions } = await boot({ imports: [CartModule, CheckoutModule] });

    expect((await sessions.makeSession()).getComponent(ICart)).toBeInstanceOf(Cart);
  });

  it('takes a component twice in one list', async () => {
    const { sessions } = await boot({ components: [Cart, Cart] });

    expect((await sessions.makeSession()).getComponent(ICart)).toBeInstanceOf(Cart);
  });

  it('keeps the components of two applications apart', async () => {
    const { sessions } = await boot({ components: [Cart] });
    const other = await boot();

    expect((await sessions.makeSession()).getComponent(Cart)).toBeInstanceOf(Cart);
    expect((await other.sessions.makeSession()).getComponent(Cart)).toBeUndefined();
  });

  it('gives components their session where SessionModule is not global', async () => {
    @Injectable()
    class Checkout {
      constructor(
        readonly cart: ICart,
        readonly session: Session,
      ) {}
    }
    @Module({ imports: [SessionModule.forFeature([Cart])], providers: [Checkout] })
    class CartModule {}

    const { app, sessions } = await boot({ imports: [CartModule], options: { isGlobal: false } });
    const session = await sessions.makeSession();

    expect(session.getComponent(Cart).session).toBe(session);
    expect(sessions.run(session, () => app.get(Checkout).session.id)).toBe(session.id);
  });
});

describe('Components', () => {
  it('work in a container that is compiled and not initialised', async () => {
    @Injectable()
    class Checkout {
      constructor(@InjectSession(ICart) readonly cart: Cart) {}
    }
    const module = await compile({
      imports: [SessionModule.forRoot(900), SessionModule.forFeature([Cart])],
      providers: [Checkout],
    });
    const sessions = module.get(SessionService);
    const session = await sessions.makeSession();

    expect(session.getComponent(ICart)).toBeInstanceOf(Cart);
    expect(sessions.run(session, () => module.get(Checkout).cart.session)).toBe(session);
    await module.close();
  });

  it('work with forRootAsync()', async () => {
    const options = { useFactory: () => Promise.resolve({ sessionTimeout: 60 }) };
    const module = await compile({
      imports: [SessionModule.forRootAsync(options), SessionModule.forFeature([Cart])],
    });
    const session = await module.get(SessionService).makeSession();

    expect(session.getComponent(Cart).session).toBe(session);
    await module.close();
  });
});
