import { Controller, Param, Post, type Type } from '@nestjs/common';
import { InjectSession, Session, SessionComponent, State } from 'nestjs-live-session';
import { boot, PLATFORMS } from '../support/boot.js';
import { CopyingStore } from '../support/copying.store.js';
import { cookieOf } from '../support/cookie.js';
import { journalBytes } from '../support/journal.js';
import { Latch } from '../support/latch.js';

@SessionComponent()
class Cart {
  @State() items: string[] = [];
}

@SessionComponent()
class Checkout {
  constructor(readonly cart: Cart) {}
}

@SessionComponent()
class Order {
  @State() count = 0;
  constructor(readonly checkout: Checkout) {}
}

@SessionComponent({ temporary: true })
class Glance {
  @InjectSession(Order) readonly order!: Order;
}

@SessionComponent({ provides: ['first', 'second'], multi: false })
class Clerk {
  constructor(readonly order: Order) {}
}

/** What a request does with its session. */
type Work = (session: Session, sku: string) => unknown;

describe.each(PLATFORMS)('On %s', (platform) => {
  async function setup(work: Work, components: Type[] = [Cart, Checkout, Order, Glance, Clerk]) {
    @Controller()
    class WorkController {
      @Post(':sku') async post(
        @InjectSession() session: Session,
        @Param('sku') sku: string,
      ): Promise<unknown> {
        await work(session, sku);
        return {};
      }
    }
    const store = new CopyingStore();
    const booted = await boot({
      platform,
      components,
      controllers: [WorkController],
      options: { store },
    });
    const session = await booted.sessions.makeSession();
    const cookie = cookieOf(session);
    return {
      ...booted,
      session,
      post: (sku: string) => booted.http.post(`/${sku}`).set('Cookie', cookie),
      /** What of the cart is stored. */
      stored: () => store.database.directory.find(session.id)?.components?.get('cart@1')?.text,
    };
  }

  describe('a request saves its changes', () => {
    it.each<[string, Work]>([
      ['to a component', (session, sku) => session.getComponent(Cart).items.push(sku)],
      [
        'to a component of a component',
        (session, sku) => session.getComponent(Checkout).cart.items.push(sku),
      ],
      [
        'to a component at the end of a chain',
        (session, sku) => session.getComponent(Order).checkout.cart.items.push(sku),
      ],
      [
        'to what a temporary component holds',
        (session, sku) => session.getComponent(Glance).order.checkout.cart.items.push(sku),
      ],
      [
        'to what one of several instances holds',
        (session, sku) => session.getComponent<Clerk>('second').order.checkout.cart.items.push(sku),
      ],
      [
        'after an explicit save',
        async (session, sku) => {
          const cart = session.getComponent(Cart);
          await session.save();
          cart.items.push(sku);
        },
      ],
      [
        'after an update',
        async (session, sku) => {
          const cart = session.getComponent(Cart);
          await session.update(Order, (order) => order.count++);
          cart.items.push(sku);
        },
      ],
    ])('%s', async (_, work) => {
      const { post, stored } = await setup(work);

      for (const sku of ['tea', 'jam', 'nut']) await post(sku).expect(201);

      expect(stored()).toBe('{"items":["tea","jam","nut"]}');
    });

    it('after a login', async () => {
      const { post, stored } = await setup(async (session, sku) => {
        const cart = session.getComponent(Cart);
        await session.login('ann');
        cart.items.push(sku);
      });

      await post('tea').expect(201);

      expect(stored()).toBe('{"items":["tea"]}');
    });

    it('before the first byte of its response has left', async () => {
      const { app, post, stored } = await setup((session, sku) =>
        session.getComponent(Cart).items.push(sku),
      );
      const seen: unknown[] = [];
      journalBytes(app, () => seen.push(stored()));

      await post('tea');

      expect(seen[0]).toBe('{"items":["tea"]}');
    });

    it('beside those of another request on the same session, which is not done yet', async () => {
      const latch = new Latch();
      const { post, stored } = await setup(async (session, sku) => {
        const { items } = session.getComponent(Cart);
        if (sku === 'slow') await latch.pass();
        items.push(sku);
      });

      const slow = post('slow').then();
      await latch.reached;
      await post('fast').expect(201);
      const meanwhile = stored();
      latch.open();
      await slow;

      expect([meanwhile, stored()]).toEqual(['{"items":["fast"]}', '{"items":["fast","slow"]}']);
    });
  });

  describe('a request compares', () => {
    /** State that tells how often it is read. */
    function watched() {
      const watch = { reads: 0, value: {} };
      Object.defineProperty(watch.value, 'n', { enumerable: true, get: () => ++watch.reads && 1 });
      return watch;
    }

    it('only the components that it asked for', async () => {
      const watch = watched();
      @SessionComponent()
      class Watched {
        @State() value: unknown;
      }
      const { session, post } = await setup(
        (own, sku) => own.getComponent<unknown>(sku === 'watched' ? Watched : Cart),
        [Cart, Watched],
      );
      session.getComponent(Watched).value = watch.value;
      await post('watched');
      const { reads } = watch;
      await post('cart');
      const readsAfter = watch.reads;
      await post('watched');

      expect(reads).toBeGreaterThan(0);
      expect([readsAfter, watch.reads > reads]).toEqual([reads, true]);
    });
  });
});
