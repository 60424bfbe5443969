import { type Type } from '@nestjs/common';
import { type Session, SessionComponent, type StandardSchema, State } from 'nestjs-live-session';
import { z } from 'zod';
import { bootService } from '../support/boot-service.js';
import { CopyingStore } from '../support/copying.store.js';
import { logged } from '../support/logged.js';

@SessionComponent({ name: 'cart' })
class Cart {
  @State() items: string[] = [];
}

@SessionComponent({
  name: 'cart',
  version: 2,
  upgrade: (old) => ({ lines: (old as Cart).items.map((sku) => ({ sku })) }),
})
class CartWithLines {
  @State() lines: { sku: string }[] = [];
}

const SCHEMA = z.object({ items: z.array(z.string().trim()).max(3) });

@SessionComponent({ name: 'cart', schema: SCHEMA })
class CheckedCart {
  @State() items: string[] = [];
}

/** What is stored, and the same session on a node that runs another build. */
async function setup<T>(type: Type<T>, stored: Record<string, string>) {
  const store = new CopyingStore();
  const { sessions } = await bootService({ options: { store }, components: [type] });
  const { uid, id } = await sessions.makeSession();
  const record = store.database.directory.find(id);
  if (record) {
    record.components = new Map(
      Object.entries(stored).map(([key, text]) => [key, { text, revision: 1 }]),
    );
  }
  store.forget();
  return {
    session: await sessions.getSession(uid),
    errors: logged(),
    again: async (): Promise<Session> => {
      store.forget();
      return sessions.getSession(uid);
    },
    /** The stored texts by key. */
    stored: (): Record<string, string> =>
      Object.fromEntries(
        [...(record?.components ?? [])].map(([key, component]) => [key, component.text]),
      ),
  };
}

describe('A stored state', () => {
  it('is upgraded from an older version', async () => {
    const { session } = await setup(CartWithLines, { 'cart@1': '{"items":["tea"]}' });

    expect(session.getComponent(CartWithLines).lines).toEqual([{ sku: 'tea' }]);
  });

  it('is saved in its new form, beside the old one', async () => {
    const { session, stored } = await setup(CartWithLines, { 'cart@1': '{"items":["tea"]}' });

    session.getComponent(CartWithLines);
    await session.save();

    expect(stored()).toEqual({
      'cart@1': '{"items":["tea"]}',
      'cart@2': '{"lines":[{"sku":"tea"}]}',
    });
  });

  it('is saved in its new form once', async () => {
    const { session, again, stored } = await setup(CartWithLines, { 'cart@1': '{"items":[]}' });
    session.getComponent(CartWithLines).lines.push({ sku: 'jam' });
    await session.save();

    const { lines } = (await again()).getComponent(CartWithLines);

    expect(lines).toEqual([{ sku: 'jam' }]);
    expect(stored()).toMatchObject({ 'cart@1': '{"items":[]}' });
  });

  it('is upgraded from the nearest older version, which upgrade() is told', async () => {
    const upgrade = (old: unknown, from: number) => ({ items: [old, from] });
    @SessionComponent({ name: 'cart', version: 4, upgrade })
    class FourthCart {
      @State() items: unknown[] = [];
    }
    const { session } = await setup(FourthCart, {
      'cart@1': '{"n":1}',
      'cart@2': '{"n":2}',
      'cart@5': '{"n":5}',
    });

    expect(session.getComponent(FourthCart).items).toEqual([{ n: 2 }, 2]);
  });

  it('of its own version comes before older ones', async () => {
    const { session } = await setup(CartWithLines, {
      'cart@1': '{"items":["tea"]}',
      'cart@2': '{"lines":[{"sku":"jam"}]}',
    });

    expect(session.getComponent(CartWithLines).lines).toEqual([{ sku: 'jam' }]);
  });

  it('is taken as it is from an older version where there is no upgrade()', async () => {
    @SessionComponent({ name: 'cart', version: 3 })
    class ThirdCart {
      @State() items: string[] = [];
    }
    const { session } = await setup(ThirdCart, { 'cart@1': '{"items":["tea"]}' });

    expect(session.getComponent(ThirdCart).items).toEqual(['tea']);
  });

  it('gives the fields that are state, and no others', async () => {
    const { session } = await setup(Cart, { 'cart@1': '{"items":["tea"],"push":1,"extra":2}' });

    expect(session.getComponent(Cart)).toEqual({ items: ['tea'] });
  });

  it('of another component with a longer name is not taken for it', async () => {
    const { session } = await setup(Cart, {
      'cart2@1': '{"items":["tea"]}',
      'car@1': '{"items":["tea"]}',
    });

    expect(session.getComponent(Cart).items).toEqual([]);
  });
});

describe('A schema', () => {
  it('decides what is assigned', async () => {
    const { session } = await setup(CheckedCart, { 'cart@1': '{"items":[" tea "]}' });

    expect(session.getComponent(CheckedCart).items).toEqual(['tea']);
  });

  it.each([
    [2, ['a', 'b']],
    [3, ['a', 'b', 'c']],
    [4, []],
  ])('sees a state of %d items, of which it allows 3', async (count, expected) => {
    const items = ['a', 'b', 'c', 'd'].slice(0, count);
    const { session } = await setup(CheckedCart, { 'cart@1': JSON.stringify({ items }) });

    expect(session.getComponent(CheckedCart).items).toEqual(expected);
  });

  it('sees a state after its upgrade', async () => {
    const upgrade = (old: unknown) => ({ items: [String(old)] });
    @SessionComponent({ name: 'cart', version: 2, upgrade, schema: SCHEMA })
    class SecondCart {
      @State() items: string[] = [];
    }
    const { session } = await setup(SecondCart, { 'cart@1': '{"items":1}' });

    expect(session.getComponent(SecondCart).items).toEqual(['[object Object]']);
  });

  it('makes a read-only use write nothing, even where it puts the state in order', async () => {
    const { session, stored } = await setup(CheckedCart, { 'cart@1': '{"more":1,"items":["a"]}' });

    session.getComponent(CheckedCart);
    await session.save();

    expect(stored()).toEqual({ 'cart@1': '{"more":1,"items":["a"]}' });
  });
});

describe('A schema that is of no use', () => {
  it.each([
    ['validates asynchronously', asyncChecked()],
    ['rejects', rejecting()],
    ['throws', throwing()],
  ])('because it %s, is an error when the component is first asked for', async (_, type) => {
    const { session, stored } = await setup(type, { 'cart@1': '{"items":["tea"]}' });

    expect(() => session.getComponent(type)).toThrow();
    await session.save();

    expect(stored()).toEqual({ 'cart@1': '{"items":["tea"]}' });
  });

  it('for states of one kind only, sets those aside', async () => {
    const validate = (state: unknown) =>
      (state as Cart).items.length === 0 ? { value: state } : Promise.reject(new Error('late'));
    const type = checkedBy({ '~standard': { version: 1, vendor: 'test', validate } });
    const { session, errors } = await setup(type, { 'cart@1': '{"items":["tea"]}' });

    expect(session.getComponent(type).items).toEqual([]);
    expect(errors).toEqual([expect.stringContaining('asynchronously')]);
  });

  it('for the values of the class does not keep the component from beginning', async () => {
    const type = checkedBy(z.object({ items: z.array(z.string()).min(1) }));
    const { session } = await setup(type, {});

    expect(session.getComponent(type).items).toEqual([]);
  });
});

describe('A stored state that cannot be read', () => {
  const UNREADABLE: [string, Type<{ items: unknown[] }>, Record<string, string>][] = [
    ['is no JSON', Cart, { 'cart@1': '{"items":["te' }],
    ['is empty', Cart, { 'cart@1': '' }],
    ['is no object', Cart, { 'cart@1': '["tea"]' }],
    ['has an unknown tag', Cart, { 'cart@1': '{"items":{"$class":"Cart"}}' }],
    ['does not pass its schema', CheckedCart, { 'cart@1': '{"items":"tea"}' }],
    ['cannot be upgraded', upgraded(refuse), { 'cart@1': '{"items":["tea"]}' }],
    ['is upgraded to nothing', upgraded(() => undefined), { 'cart@1': '{"items":["tea"]}' }],
    [
      'is upgraded to what cannot be stored',
      upgraded(() => ({ items: refuse })),
      { 'cart@1': '{"items":["tea"]}' },
    ],
    ['is too large by now', Cart, { 'cart@1': `{"items":["${'x'.repeat(16_384)}"]}` }],
    ['is of a newer version', Cart, { 'cart@2': '{"items":["tea"]}' }],
  ];

  it.each(UNREADABLE)('because it %s, begins anew', async (_, type, before) => {
    const { session } = await setup(type, before);

    const { items } = session.getComponent(type);

    expect(items).toEqual([]);
  });

  it.each(UNREADABLE)('because it %s, is reported once', async (_, type, before) => {
    const { session, errors } = await setup(type, before);

    session.getComponent(type);
    session.getComponent(type);

    expect(errors).toEqual([expect.stringMatching(/cart.*cannot be read/)]);
  });

  it.each(UNREADABLE)(
    'because it %s, stays where it is while nothing is changed',
    async (_, type, before) => {
      const { session, stored } = await setup(type, before);

      session.getComponent(type);
      await session.save();

      expect(stored()).toEqual(before);
    },
  );

  it.each(UNREADABLE)('because it %s, is kept beside the new one', async (_, type, before) => {
    const { session, again, stored } = await setup(type, before);
    session.getComponent(type).items.push('jam');
    await session.save();

    const { items } = (await again()).getComponent(type);

    expect(items).toEqual(['jam']);
    expect(Object.values(stored())).toEqual(expect.arrayContaining(Object.values(before)));
  });

  it('is kept through later saves', async () => {
    const { session, stored } = await setup(Cart, { 'cart@1': 'broken' });
    for (const sku of ['tea', 'jam']) {
      session.getComponent(Cart).items.push(sku);
      await session.save();
    }

    expect(stored()).toEqual({ 'cart@1': '{"items":["tea","jam"]}', 'cart@1~aside': 'broken' });
  });

  it('does not count against the size of the session', async () => {
    const text = 'x'.repeat(65_536);
    const { session, stored } = await setup(Cart, { 'cart@1': text });

    session.getComponent(Cart).items.push('tea');
    await session.save();

    expect(stored()).toEqual({ 'cart@1': '{"items":["tea"]}', 'cart@1~aside': text });
  });

  it('leaves the other components of the session alone', async () => {
    const { session } = await setup(Cart, { 'cart@1': 'broken', 'profile@1': '{"name":"Ann"}' });

    session.getComponent(Cart).items.push('tea');
    await session.save();

    expect(session.isExpired).toBe(false);
  });
});

describe('A state of a newer version', () => {
  it('is no reason to report anything where there is one of this version, too', async () => {
    const { session, errors } = await setup(Cart, {
      'cart@1': '{"items":["tea"]}',
      'cart@2': '{"lines":[]}',
    });

    expect(session.getComponent(Cart).items).toEqual(['tea']);
    expect(errors).toEqual([]);
  });

  it('stays as it is while the older build changes its own', async () => {
    const { session, stored } = await setup(Cart, { 'cart@1': '{"items":[]}', 'cart@2': '?' });

    session.getComponent(Cart).items.push('tea');
    await session.save();

    expect(stored()).toEqual({ 'cart@1': '{"items":["tea"]}', 'cart@2': '?' });
  });
});

function refuse(): never {
  throw new Error('no way');
}

function upgraded(upgrade: (old: unknown) => unknown): Type<{ items: unknown[] }> {
  @SessionComponent({ name: 'cart', version: 2, upgrade })
  class UpgradedCart {
    @State() items: unknown[] = [];
  }
  return UpgradedCart;
}

function checkedBy(schema: StandardSchema): Type<{ items: unknown[] }> {
  @SessionComponent({ name: 'cart', schema })
  class StrangeCart {
    @State() items: unknown[] = [];
  }
  return StrangeCart;
}

function asyncChecked(): Type<{ items: unknown[] }> {
  return checkedBy(SCHEMA.refine(() => Promise.resolve(true)));
}

function rejecting(): Type<{ items: unknown[] }> {
  const validate = () => Promise.reject(new Error('no way'));
  return checkedBy({ '~standard': { version: 1, vendor: 'test', validate } });
}

function throwing(): Type<{ items: unknown[] }> {
  return checkedBy({ '~standard': { version: 1, vendor: 'test', validate: refuse } });
}
