import { Controller, Param, Post } from '@nestjs/common';
import {
  InjectSession,
  Session,
  type SessionCommit,
  SessionComponent,
  SessionConflictError,
  SessionExpiredError,
  type SessionService,
  type SessionStore,
  State,
} from 'nestjs-live-session';
import { boot, PLATFORMS } from '../support/boot.js';
import { bootService } from '../support/boot-service.js';
import { CopyingStore } from '../support/copying.store.js';
import { cookieOf } from '../support/cookie.js';
import { Latch } from '../support/latch.js';
import { logged } from '../support/logged.js';
import { type Operation, WatchedStore } from '../support/watched.store.js';

@SessionComponent()
class Cart {
  @State() items: string[] = [];
  readonly isOnThisNode = true;
}

@SessionComponent()
class Profile {
  @State() name = '';
}

@SessionComponent()
class Checkout {
  @State() isPaid = false;
  constructor(readonly cart: Cart) {}
}

const components = [Cart, Profile, Checkout];

/** One session, held on two nodes. */
async function setup() {
  const store = new CopyingStore();
  const watched = new WatchedStore(store);
  const node = async (own: SessionStore): Promise<SessionService> =>
    (await bootService({ components, options: { store: own } })).sessions;
  const [first, second] = [await node(watched), await node(new CopyingStore(store))];
  const here = await first.makeSession();
  const there = await second.getSession(here.uid);
  for (const session of [here, there])
    components.map((type) => session.getComponent<unknown>(type));
  return {
    first,
    here,
    there,
    watched,
    /** Holds the next operation of a kind on the first node. */
    hold: (held: Operation) => {
      const latch = new Latch();
      watched.before = (operation) => {
        if (operation !== held) return undefined;
        watched.before = () => undefined;
        return latch.pass();
      };
      return latch;
    },
    /** The stored texts by key. */
    stored: () =>
      Object.fromEntries(
        [...(store.database.directory.find(here.id)?.components ?? [])].map(([key, { text }]) => [
          key,
          JSON.parse(text),
        ]),
      ),
  };
}

async function buy(session: Session, ...skus: string[]): Promise<void> {
  session.getComponent(Cart).items.push(...skus);
  await session.save();
}

async function rename(session: Session, name: string): Promise<void> {
  session.getComponent(Profile).name = name;
  await session.save();
}

describe('Two nodes', () => {
  it('see what the other one has saved, when they look the session up', async () => {
    const { first, here, there } = await setup();
    const cart = here.getComponent(Cart);
    await buy(there, 'tea');

    const session = await first.getSession(here.uid);

    expect(session).toBe(here);
    expect(session.getComponent(Cart)).toBe(cart);
    expect(cart.items).toEqual(['tea']);
  });

  it('see it in what another component holds, too', async () => {
    const { first, here, there } = await setup();
    await buy(there, 'tea');

    await first.getSession(here.uid);

    expect(here.getComponent(Checkout).cart.items).toEqual(['tea']);
  });

  it('see that the other one has removed a component', async () => {
    const { first, here, there } = await setup();
    await buy(there, 'tea');
    await first.getSession(here.uid);
    here.getComponent(Cart);
    there.removeComponent(there.getComponent(Cart));
    await there.save();

    await first.getSession(here.uid);

    expect(here.getComponent(Cart).items).toEqual([]);
  });

  it('save different components side by side', async () => {
    const { here, there, stored } = await setup();
    here.getComponent(Profile).name = 'Ann';

    await Promise.all([here.save(), buy(there, 'tea')]);

    expect(stored()).toEqual({ 'profile@1': { name: 'Ann' }, 'cart@1': { items: ['tea'] } });
  });

  it('never overwrite what the other one has saved', async () => {
    const { here, there, stored } = await setup();
    await rename(there, 'Ben');

    const saving = rename(here, 'Ann');

    await expect(saving).rejects.toBeInstanceOf(SessionConflictError);
    await expect(saving).rejects.toMatchObject({ code: 'SESSION_CONFLICT', id: here.id });
    expect(stored()).toEqual({ 'profile@1': { name: 'Ben' } });
  });

  it('never overwrite it by a later save either', async () => {
    const { here, there, stored } = await setup();
    await rename(there, 'Ben');
    await rename(here, 'Ann').catch(() => {});

    await buy(here, 'nut');

    expect(stored()).toEqual({ 'profile@1': { name: 'Ben' }, 'cart@1': { items: ['nut'] } });
    expect(here.getComponent(Profile).name).toBe('Ben');
  });

  it('never overwrite it, though they have looked the session up in between', async () => {
    const { first, here, there, stored } = await setup();
    here.getComponent(Profile).name = 'Ann';
    await rename(there, 'Ben');
    await first.getSession(here.uid);

    await expect(here.save()).rejects.toBeInstanceOf(SessionConflictError);

    expect(stored()).toEqual({ 'profile@1': { name: 'Ben' } });
  });

  it('tell everybody whose change was lost with somebody else’s', async () => {
    const { here, there, hold } = await setup();
    await rename(there, 'Ben');
    const latch = hold('commit');
    here.getComponent(Checkout).isPaid = true;
    const first = here.save();
    await latch.reached;
    const second = rename(here, 'Ann');
    const third = buy(here, 'tea');

    latch.open();
    const outcomes = await Promise.allSettled([first, second, third]);

    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  });

  it('save all that was changed together, or nothing', async () => {
    const { here, there, stored } = await setup();
    await rename(there, 'Ben');
    here.getComponent(Cart).items.push('jam');

    await rename(here, 'Ann').catch(() => {});

    expect(stored()).toEqual({ 'profile@1': { name: 'Ben' } });
    expect(here.getComponent(Cart).items).toEqual([]);
  });

  it('do not remove what the other one has changed', async () => {
    const { here, there, stored } = await setup();
    await buy(here, 'tea');
    here.removeComponent(here.getComponent(Cart));
    await there.update(Cart, (cart) => cart.items.push('jam'));

    await expect(here.save()).rejects.toBeInstanceOf(SessionConflictError);

    expect(stored()).toEqual({ 'cart@1': { items: ['tea', 'jam'] } });
  });
});

/** What is read by whoever is told of the end of a session, once it has ended. */
async function toldOfEnd<T>(session: Session, read: (session: Session) => T): Promise<T[]> {
  const told: T[] = [];
  session.notifyOnExpire(() => told.push(read(session)));
  await session.expire();
  return told;
}

describe('Whoever is told of an end', () => {
  it('sees what the other node has saved, though an update waits here', async () => {
    const { here, there, hold } = await setup();
    const latch = hold('commit');
    const update = here.update(Cart, ({ items }) => items.push('jam'));
    await latch.reached;
    await buy(there, 'tea');

    const told = await toldOfEnd(here, (session) => [...session.getComponent(Cart).items]);

    latch.open();
    await expect(update).rejects.toBeInstanceOf(SessionExpiredError);
    expect(told).toEqual([['tea']]);
  });

  it('sees nothing of an update that was not saved', async () => {
    const { here, hold } = await setup();
    await buy(here, 'tea');
    const latch = hold('commit');
    const update = here.update(Cart, ({ items }) => items.push('jam'));
    await latch.reached;

    const told = await toldOfEnd(here, (session) => [...session.getComponent(Cart).items]);

    latch.open();
    await expect(update).rejects.toBeInstanceOf(SessionExpiredError);
    expect(told).toEqual([['tea']]);
  });

  it('is not followed by an update that resolves, though nothing was saved', async () => {
    const { here, hold } = await setup();
    const latch = hold('commit');
    const saving = rename(here, 'Ann');
    await latch.reached;
    const update = here.update(Cart, ({ items }) => items.push('jam'));
    await here.expire();

    latch.open();
    await saving.catch(() => {});

    await expect(update).rejects.toBeInstanceOf(SessionExpiredError);
  });

  it('sees what was saved in a component that it had before', async () => {
    const { here, there } = await setup();
    const { cart } = here.getComponent(Checkout);
    await buy(there, 'tea');

    const told = await toldOfEnd(here, () => [...cart.items]);

    expect(told).toEqual([['tea']]);
  });

  it('sees what the other node has saved in place of what was changed here', async () => {
    const { here, there } = await setup();
    here.getComponent(Profile).name = 'Ann';
    await rename(there, 'Ben');

    const told = await toldOfEnd(here, (session) => session.getComponent(Profile).name);

    expect(told).toEqual(['Ben']);
  });

  it('sees what was changed here before the end, where nobody has saved anything else', async () => {
    const { here } = await setup();
    here.getComponent(Profile).name = 'Ann';

    const told = await toldOfEnd(here, (session) => session.getComponent(Profile).name);

    expect(told).toEqual(['Ann']);
  });

  it('is told of it, though a component refuses what was saved', async () => {
    const errors = logged();
    const { here, there } = await setup();
    const profile = here.getComponent(Profile);
    Object.defineProperty(profile, 'name', {
      get: () => '',
      set: () => {
        throw new Error('No name for me.');
      },
    });
    await rename(there, 'Ben');

    const told = await toldOfEnd(here, ({ isExpired }) => isExpired);

    expect(told).toEqual([true]);
    expect(errors.join()).toContain('No name for me.');
  });

  it('sees nothing of an update of a component of its own, though the other node has removed it', async () => {
    const { here, there, hold } = await setup();
    const own = new Cart();
    own.items.push('tea');
    here.setComponent(Cart, own);
    await here.save();
    await there.save().catch(() => {});
    const latch = hold('commit');
    const update = here.update(Cart, ({ items }) => items.push('jam'));
    await latch.reached;
    there.removeComponent(there.getComponent(Cart));
    await there.save();

    const told = await toldOfEnd(here, () => own.items.includes('jam'));

    latch.open();
    await expect(update).rejects.toBeInstanceOf(SessionExpiredError);
    expect(told).toEqual([false]);
  });

  it('sees it for good, however the update goes on', async () => {
    const { here, there } = await setup();
    const latch = new Latch();
    const update = here.update(Cart, async ({ items }) => {
      await latch.pass();
      items.push('jam');
    });
    await latch.reached;
    await buy(there, 'tea');
    await here.expire();

    latch.open();
    await update.catch(() => {});

    expect(here.getComponent(Cart).items).toEqual(['tea']);
  });
});

describe('session.update()', () => {
  it('is run again on what the other node has saved', async () => {
    const { here, there, stored } = await setup();
    await buy(there, 'tea');
    const seen: string[][] = [];

    const count = await here.update(Cart, ({ items }) => {
      seen.push([...items]);
      return items.push('jam');
    });

    expect([count, seen]).toEqual([2, [[], ['tea']]]);
    expect(stored()).toEqual({ 'cart@1': { items: ['tea', 'jam'] } });
  });

  it('is run again on what its component holds, too', async () => {
    const { here, there, stored } = await setup();
    await buy(there, 'tea');

    await here.update(Checkout, (checkout) => {
      checkout.isPaid = true;
      checkout.cart.items.push('jam');
    });

    expect(stored()).toEqual({
      'cart@1': { items: ['tea', 'jam'] },
      'checkout@1': { isPaid: true },
    });
  });

  it('counts 100 parallel updates on two nodes', async () => {
    const { here, there, stored } = await setup();

    await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        (n % 2 ? here : there).update(Cart, async ({ items }) => {
          await Promise.resolve();
          items.push(`${n}`);
        }),
      ),
    );

    expect(stored()['cart@1'].items).toHaveLength(100);
  });

  it('leaves what is not saved of other components alone', async () => {
    const { here, there, stored } = await setup();
    here.getComponent(Profile).name = 'Ann';
    await buy(there, 'tea');

    await here.update(Cart, ({ items }) => items.push('jam'));
    const afterUpdate = stored();
    await here.save();

    expect(afterUpdate).toEqual({ 'cart@1': { items: ['tea', 'jam'] } });
    expect(stored()).toMatchObject({ 'profile@1': { name: 'Ann' } });
  });

  it('is not run again where that would lose a change from before', async () => {
    const { here, there, stored } = await setup();
    here.getComponent(Profile).name = 'Ann';
    await rename(there, 'Ben');

    const update = here.update(Profile, (profile) => (profile.name += '!'));

    await expect(update).rejects.toBeInstanceOf(SessionConflictError);
    expect(stored()).toEqual({ 'profile@1': { name: 'Ben' } });
  });

  it('is saved, though another save was done while it ran', async () => {
    const { here, stored } = await setup();
    const latch = new Latch();
    const update = here.update(Cart, async ({ items }) => {
      await latch.pass();
      items.push('tea');
    });
    await latch.reached;
    await here.save();

    latch.open();
    await update;

    expect(stored()).toEqual({ 'cart@1': { items: ['tea'] } });
  });

  it('is saved, or rejected, whatever becomes of the save before it', async () => {
    const { here, there, stored, hold } = await setup();
    await rename(there, 'Ben');
    const latch = hold('commit');
    here.getComponent(Checkout).isPaid = true;
    const saves = [here.save()];
    await latch.reached;
    here.getComponent(Profile).name = 'Ann';
    saves.push(here.save());
    const update = here.update(Cart, ({ items }) => items.push('tea'));

    latch.open();
    const outcomes = await Promise.allSettled(saves);
    await update;

    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(stored()).toMatchObject({ 'cart@1': { items: ['tea'] } });
  });

  it('gives up on a conflict that does not end, and puts the component back', async () => {
    class ContendedStore extends CopyingStore {
      override commit(): Promise<SessionCommit> {
        return Promise.resolve({ kind: 'conflict', components: ['cart@1'] });
      }
    }
    const options = { store: new ContendedStore() };
    const { sessions } = await bootService({ components, options });
    const session = await sessions.makeSession();
    let runs = 0;

    const update = session.update(Cart, ({ items }) => items.push(`${++runs}`));

    await expect(update).rejects.toMatchObject({ components: ['cart'] });
    expect(runs).toBeGreaterThan(1);
    expect(session.getComponent(Cart).items).toEqual([]);
  });
});

describe.each(PLATFORMS)('A request on %s', (platform) => {
  @Controller()
  class CartController {
    @Post('cart/:sku') add(
      @InjectSession(Cart) { items }: Cart,
      @Param('sku') sku: string,
    ): unknown {
      return { count: items.push(sku) };
    }

    @Post('slow/:sku') async slow(
      @InjectSession() session: Session,
      @Param('sku') sku: string,
    ): Promise<unknown> {
      session.getComponent(Cart).items.push(sku);
      await latch.pass();
      return {};
    }

    @Post('slow-name/:name') async rename(
      @InjectSession(Profile) profile: Profile,
      @Param('name') name: string,
    ): Promise<unknown> {
      profile.name = name;
      await latch.pass();
      return {};
    }
  }
  let latch = new Latch();

  async function setupHttp() {
    latch = new Latch();
    const database = new CopyingStore();
    const store = new WatchedStore(database);
    const controllers = [CartController];
    const { http, sessions } = await boot({
      platform,
      components,
      controllers,
      options: { store },
    });
    const other = await bootService({
      components,
      options: { store: new CopyingStore(database) },
    });
    const session = await sessions.makeSession();
    return {
      store,
      session,
      there: await other.sessions.getSession(session.uid),
      post: (path: string) => http.post(path).set('Cookie', cookieOf(session)),
      stored: (key: string) =>
        database.database.directory.find(session.id)?.components?.get(key)?.text,
    };
  }

  it('is answered 409 where another node has changed the same meanwhile', async () => {
    const { post, there, stored } = await setupHttp();
    const response = post('/slow-name/Ann').then();
    await latch.reached;
    await rename(there, 'Ben');

    latch.open();

    expect(await response).toMatchObject({ status: 409, body: { code: 'SESSION_CONFLICT' } });
    expect(stored('profile@1')).toBe('{"name":"Ben"}');
  });

  it('is done when it is repeated after a conflict', async () => {
    const { post, there, stored } = await setupHttp();
    const response = post('/slow-name/Ann').then();
    await latch.reached;
    await rename(there, 'Ben');
    latch.open();
    await response;

    await post('/slow-name/Ann').expect(201);

    expect(stored('profile@1')).toBe('{"name":"Ann"}');
  });

  it('adds to what another node has added meanwhile', async () => {
    const { post, there, stored } = await setupHttp();
    const response = post('/slow/jam').then();
    await latch.reached;
    await buy(there, 'tea');

    latch.open();

    expect(await response).toMatchObject({ status: 201 });
    expect(stored('cart@1')).toBe('{"items":["tea","jam"]}');
  });

  it('is done once when it is repeated after the store was away', async () => {
    logged();
    const { post, store, stored } = await setupHttp();
    await post('/cart/tea').expect(201);
    store.before = (operation) => {
      if (operation === 'commit') throw new Error('connection refused');
    };
    await post('/cart/jam').expect(503);
    store.before = () => undefined;

    await post('/cart/jam').expect(201);

    expect(stored('cart@1')).toBe('{"items":["tea","jam"]}');
  });

  it('sees what another node has saved since the last one', async () => {
    const { post, there, stored } = await setupHttp();
    await post('/cart/tea').expect(201);
    await there.update(Cart, (cart) => cart.items.push('nut'));

    const { body } = await post('/cart/jam').expect(201);

    expect(body).toEqual({ count: 3 });
    expect(stored('cart@1')).toBe('{"items":["tea","nut","jam"]}');
  });
});

describe('A save whose answer got lost', () => {
  it.each<[string, (given: Awaited<ReturnType<typeof setup>>) => unknown, string[]]>([
    ['at once', () => {}, ['tea']],
    ['once the session was found again', ({ first, here }) => first.getSession(here.uid), ['tea']],
    ['with one more', ({ here }) => here.getComponent(Cart).items.push('jam'), ['tea', 'jam']],
  ])('adds nothing twice where it is repeated %s', async (_when, act, items) => {
    const given = await setup();
    const { here, there, watched } = given;
    watched.after = (operation, answer) => {
      if (operation === 'commit') throw new Error('away');
      return answer;
    };
    here.getComponent(Cart).items.push('tea');
    await here.save().catch(() => {});
    watched.after = (_, answer) => answer;
    await act(given);

    await here.save();

    await there.save();
    expect([here, there].map((session) => session.getComponent(Cart).items)).toEqual([
      items,
      items,
    ]);
  });
});
