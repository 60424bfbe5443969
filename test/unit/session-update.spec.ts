import { jest } from '@jest/globals';
import {
  MemorySessionStore,
  type Session,
  SessionComponent,
  SessionExpiredError,
  State,
} from 'nestjs-live-session';
import { bootService } from '../support/boot-service.js';
import { Cart } from '../support/cart.js';
import { Latch } from '../support/latch.js';
import { recordIn } from '../support/record.js';

@SessionComponent()
class Counter {
  @State() count = 0;
  @State() log: string[] = [];
}

/** What a login leaves behind. */
@SessionComponent({ onLogin: 'drop' })
class Wishes {
  @State() count = 0;
}

/** One that holds others, of which one is made when it is asked for. */
@SessionComponent()
class Shelf {
  @State() count = 0;

  constructor(
    readonly counter: Counter,
    readonly wishes: Wishes,
  ) {}
}

/** One that is made anew each time that it is asked for. */
@SessionComponent({ temporary: true })
class Visit {
  constructor(readonly counter: Counter) {}
}

async function setup() {
  const store = new MemorySessionStore();
  const booted = await bootService({
    options: { store },
    components: [Counter, Cart, Wishes, Shelf, Visit],
  });
  const session = await booted.sessions.makeSession();
  /** What is stored of a component. */
  const stored = (name: string): unknown => {
    const text = recordIn(store, session.uid)?.components?.get(`${name}@1`)?.text;
    return text === undefined ? undefined : JSON.parse(text);
  };
  return { ...booted, session, counter: session.getComponent(Counter), stored };
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('session.update()', () => {
  it('changes a component, saves it and answers with what the function returns', async () => {
    const { session, counter, stored } = await setup();

    const answer = await session.update(Counter, (own) => ++own.count);

    expect([answer, counter.count]).toEqual([1, 1]);
    expect(stored('counter')).toEqual({ count: 1, log: [] });
  });

  it('answers with what an async function resolves to', async () => {
    const { session, counter } = await setup();

    const answer = await session.update(Counter, async (own) => {
      await undefined;
      return ++own.count;
    });

    expect([answer, counter.count]).toEqual([1, 1]);
  });

  it('counts 100 parallel updates of a function', async () => {
    const { session, stored } = await setup();

    const update = () => session.update(Counter, (own) => ++own.count);
    const answers = await Promise.all(Array.from({ length: 100 }, update));

    expect(stored('counter')).toMatchObject({ count: 100 });
    expect(answers).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  });

  it('counts 100 parallel updates of an async function', async () => {
    const { session, stored } = await setup();

    const update = () =>
      session.update(Counter, async (own) => {
        const before = own.count;
        await undefined;
        own.count = before + 1;
      });
    await Promise.all(Array.from({ length: 100 }, update));

    expect(stored('counter')).toMatchObject({ count: 100 });
  });

  it('lets updates of one component wait for each other, in the order of the calls', async () => {
    const { session, counter } = await setup();

    await Promise.all(
      ['a', 'b'].map((name) =>
        session.update(Counter, async ({ log }) => {
          log.push(`${name} begins`);
          await turn();
          log.push(`${name} ends`);
        }),
      ),
    );

    expect(counter.log).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('lets updates of different components go on side by side', async () => {
    const { session } = await setup();
    const latch = new Latch();
    const waiting = session.update(Counter, () => latch.pass());

    const answer = await session.update(Cart, (cart) => cart.add('tea'));

    expect(answer).toBe(1);
    latch.open();
    await waiting;
  });

  it.each([
    ['throws', () => broken()],
    ['rejects', async () => turn().then(broken)],
  ])('puts the component back where the function %s', async (_how, fail) => {
    const { session, counter, stored } = await setup();
    await session.update(Counter, (own) => own.log.push('before'));

    const update = session.update(Counter, (own) => {
      own.count = 42;
      own.log.push('lost');
      return fail();
    });

    await expect(update).rejects.toThrow('broken');
    expect(counter).toEqual({ count: 0, log: ['before'] });
    expect(stored('counter')).toEqual({ count: 0, log: ['before'] });
  });

  it('puts back what was changed before the update, though it was not saved', async () => {
    const { session, counter } = await setup();
    counter.count = 7;

    await session.update(Counter, broken).catch(() => {});

    expect(counter.count).toBe(7);
  });

  it('lets updates of a component wait for those of one that holds it, and they keep what they saved', async () => {
    const { session, counter, stored } = await setup();
    const latch = new Latch();
    const outer = session.update(Shelf, async (own) => {
      own.count = 1;
      await latch.pass();
      throw new Error('full');
    });
    const inner = session.update(Counter, (own) => ++own.count);
    await latch.reached;

    latch.open();

    await expect(outer).rejects.toThrow('full');
    await expect(inner).resolves.toBe(1);
    expect([counter.count, stored('counter')]).toEqual([1, { count: 1, log: [] }]);
  });

  it('puts back what it holds, though that was made on the way', async () => {
    const { session, stored } = await setup();

    await session
      .update(Shelf, ({ wishes }) => {
        wishes.count = 7;
        throw new Error('full');
      })
      .catch(() => {});
    await session.save();

    expect([session.getComponent(Wishes).count, stored('wishes')]).toEqual([0, undefined]);
  });

  it('saves what a component changes that is made anew each time', async () => {
    const { session, counter, stored } = await setup();

    await session.update(Visit, (visit) => ++visit.counter.count);

    expect([counter.count, stored('counter')]).toEqual([1, { count: 1, log: [] }]);
  });

  it.each<[string, (session: Session, counter: Counter) => unknown, number]>([
    ['was removed', (session, counter) => session.removeComponent(counter), 1],
    [
      'has another in its place',
      (session) => session.setComponent(Counter, Object.assign(new Counter(), { count: 10 })),
      11,
    ],
  ])(
    'changes the component that there is, where it waited while the one before %s',
    async (_what, replace, count) => {
      const { session, counter, stored } = await setup();
      const latch = new Latch();
      const first = session.update(Counter, () => latch.pass());
      const second = session.update(Counter, (own) => ++own.count);
      await latch.reached;
      replace(session, counter);

      latch.open();
      await first;
      await second;

      expect([session.getComponent(Counter).count, stored('counter')]).toEqual([
        count,
        { count, log: [] },
      ]);
    },
  );

  it('lets the next one go on where one fails', async () => {
    const { session, counter } = await setup();

    const failed = session.update(Counter, broken).catch(() => 'failed');
    const next = session.update(Counter, (own) => ++own.count);

    expect([await failed, await next, counter.count]).toEqual(['failed', 1, 1]);
  });

  it('saves what is changed after another update was saved', async () => {
    const { session, stored } = await setup();
    const latch = new Latch();
    const update = session.update(Counter, async (own) => {
      await latch.pass();
      own.count = 1;
    });
    await session.update(Cart, (cart) => cart.add('tea'));

    latch.open();
    await update;

    expect(stored('counter')).toMatchObject({ count: 1 });
  });

  it('saves no half of what is put back later', async () => {
    const { session, stored } = await setup();
    const latch = new Latch();
    const update = session.update(Counter, async (own) => {
      own.count = 1;
      await latch.pass();
      own.count = 2;
      broken();
    });
    await latch.reached;
    await session.save();

    latch.open();
    await update.catch(() => {});

    expect(stored('counter') ?? { count: 0 }).toMatchObject({ count: 0 });
  });

  it('goes on with what it changed, though the save of another component fails', async () => {
    const { session, counter } = await setup();
    const latch = new Latch();
    const update = session.update(Counter, async ({ log }) => {
      log.push('kept');
      await latch.pass();
    });
    await latch.reached;
    Object.assign(session.getComponent(Cart), { items: [broken] });
    await session.save().catch(() => {});

    latch.open();
    await update;

    expect(counter.log).toEqual(['kept']);
  });

  it('refuses a component that there is none of', async () => {
    const { session } = await setup();

    await expect(session.update('unknown', () => {})).rejects.toMatchObject({
      code: 'CANNOT_ADAPT',
    });
  });

  it('does not touch', async () => {
    const { session, clock } = await setup();
    clock.advance(5);

    await session.update(Counter, (own) => ++own.count);

    expect(session.lastModified).toBe(0);
  });

  it('rejects where the session ends meanwhile, and stores nothing', async () => {
    const { session, sessions, counter } = await setup();
    const latch = new Latch();
    const update = session.update(Counter, async (own) => {
      await latch.pass();
      own.count = 1;
    });
    await latch.reached;
    await session.expire();

    latch.open();

    await expect(update).rejects.toBeInstanceOf(SessionExpiredError);
    expect([counter.count, await sessions.count()]).toEqual([0, 0]);
  });

  it('is not run where the session has ended', async () => {
    const { session, counter } = await setup();
    await session.expire();

    await session.update(Counter, (own) => ++own.count).catch(() => {});

    expect(counter.count).toBe(0);
  });

  it('is not run where the session ends while it waits for its turn', async () => {
    const { session } = await setup();
    const latch = new Latch();
    const first = session.update(Counter, () => latch.pass());
    const second = jest.fn();
    const waiting = session.update(Counter, second);
    await latch.reached;
    await session.expire();

    latch.open();
    await first;

    await expect(waiting).rejects.toBeInstanceOf(SessionExpiredError);
    expect(second).not.toHaveBeenCalled();
  });

  it('resolves where its function ends the session and changes nothing', async () => {
    const { session } = await setup();

    const update = session.update(Counter, async () => {
      await session.expire();
      return 'done';
    });

    await expect(update).resolves.toBe('done');
  });

  it.each<[string, (session: Session) => unknown]>([
    ['removes it', (session) => session.removeComponent(session.getComponent(Wishes))],
    ['leaves it behind by a login', (session) => session.login('ada')],
  ])(
    'rejects where its function changes a component, %s and ends the session',
    async (_how, lose) => {
      const { session } = await setup();

      const update = session.update(Wishes, async (own) => {
        own.count = 1;
        await lose(session);
        await session.expire();
      });

      await expect(update).rejects.toBeInstanceOf(SessionExpiredError);
    },
  );

  it('resolves where its function ends the session, though its component was made anew', async () => {
    const { session, counter } = await setup();
    await session.update(Counter, (own) => ++own.count);
    session.removeComponent(counter);
    session.getComponent(Counter);

    const update = session.update(Counter, async () => {
      await session.expire();
      return 'done';
    });

    await expect(update).resolves.toBe('done');
  });

  it('rejects where its function ends the session after a change', async () => {
    const { session } = await setup();

    const update = session.update(Counter, async (own) => {
      own.count = 1;
      await session.expire();
    });

    await expect(update).rejects.toBeInstanceOf(SessionExpiredError);
  });
});

describe('session.save()', () => {
  it('saves every component, whenever it was asked for', async () => {
    const { session, counter, stored } = await setup();
    await session.save();
    counter.count = 1;

    await session.save();

    expect(stored('counter')).toEqual({ count: 1, log: [] });
  });

  it('does not touch', async () => {
    const { session, clock } = await setup();
    clock.advance(5);

    await session.save();

    expect(session.lastModified).toBe(0);
  });

  it('refuses what cannot be stored, and puts the component back', async () => {
    const { session, counter, stored } = await setup();
    await session.update(Counter, (own) => ++own.count);
    Object.assign(counter, { count: () => 2 });

    await expect(session.save()).rejects.toMatchObject({ code: 'SESSION_STATE_INVALID' });

    expect([counter.count, stored('counter')]).toEqual([1, { count: 1, log: [] }]);
  });
});

describe('A rotation', () => {
  it('saves what was changed before an update of another component', async () => {
    const { session, counter, stored } = await setup();
    await session.update(Cart, (cart) => cart.add('tea'));
    counter.count = 1;

    await session.regenerate();

    expect(stored('counter')).toMatchObject({ count: 1 });
  });
});

function broken(): never {
  throw new Error('broken');
}
