import { type Type } from '@nestjs/common';
import {
  type Session,
  SessionComponent,
  SessionLimitError,
  State,
  type StoredComponent,
} from 'nestjs-live-session';
import { bootService, type ServiceOptions } from '../support/boot-service.js';
import { CopyingStore } from '../support/copying.store.js';

@SessionComponent()
class Cart {
  @State() items: string[] = [];
}

@SessionComponent({ name: 'cart', version: 2 })
class NewCart {
  @State() items: string[] = [];
}

@SessionComponent({ onLogin: 'drop' })
class Csrf {
  @State() token = '';
  readonly #secret = ++secrets;

  get secret(): number {
    return this.#secret;
  }
}

@SessionComponent({ name: 'csrf', version: 2, onLogin: 'drop' })
class NewCsrf {
  @State() token = '';
}

@SessionComponent({ provides: ['visitor'], onLogin: 'drop' })
class Visitor {
  name = '';
}

@SessionComponent()
class Form {
  @State() fields: string[] = [];
  constructor(readonly csrf: Csrf) {}
}

let secrets = 0;

/** A session with stored states; `again()` is what another node makes of its record. */
async function setup(
  components: Type[] = [Cart, Csrf, Visitor, Form],
  given: Record<string, string> = {},
  options: ServiceOptions['options'] = {},
) {
  const store = new CopyingStore();
  const { sessions } = await bootService({ components, options: { ...options, store } });
  const made = await sessions.makeSession();
  const { id } = made;
  const record = store.database.directory.find(id);
  if (record) {
    record.components = new Map(
      Object.entries(given).map(([key, text]): [string, StoredComponent] => [
        key,
        { text, revision: 1 },
      ]),
    );
  }
  const again = async (uid: string): Promise<Session> => {
    store.forget();
    return sessions.getSession(uid);
  };
  return {
    sessions,
    session: await again(made.uid),
    again,
    /** The keys of the stored states. */
    stored: () => [...(store.database.directory.find(id)?.components?.keys() ?? [])].sort(),
  };
}

describe('removeComponent()', () => {
  it('removes the state with the next save', async () => {
    const { session, stored } = await setup([Cart], { 'cart@1': '{"items":["tea"]}' });

    session.removeComponent(session.getComponent(Cart));
    const before = stored();
    await session.save();

    expect([before, stored()]).toEqual([['cart@1'], []]);
  });

  it('lets the component begin anew', async () => {
    const { session, again } = await setup([Cart], { 'cart@1': '{"items":["tea"]}' });
    const cart = session.getComponent(Cart);

    session.removeComponent(cart);
    const anew = session.getComponent(Cart);
    anew.items.push('jam');
    await session.save();

    expect(anew).not.toBe(cart);
    expect((await again(session.uid)).getComponent(Cart).items).toEqual(['jam']);
  });

  it('lets it begin anew, though nothing is changed after that', async () => {
    const { session, again } = await setup([Cart], { 'cart@1': '{"items":["tea"]}' });

    session.removeComponent(session.getComponent(Cart));
    session.getComponent(Cart);
    await session.save();

    expect((await again(session.uid)).getComponent(Cart).items).toEqual([]);
  });

  it('lets it begin anew after the save, too', async () => {
    const { session } = await setup([Cart], { 'cart@1': '{"items":["tea"]}' });

    session.removeComponent(session.getComponent(Cart));
    await session.save();

    expect(session.getComponent(Cart).items).toEqual([]);
  });

  it('removes the states of all versions, lest an older one comes back', async () => {
    const { session, stored } = await setup([NewCart], {
      'cart@1': '{"items":["tea"]}',
      'cart@2': 'broken',
      'cart@2~aside': 'broken',
      'cart@3': '{}',
      'cart2@1': '{}',
    });

    session.removeComponent(session.getComponent(NewCart));
    await session.save();

    expect(stored()).toEqual(['cart2@1']);
  });

  it('is undone where the save fails', async () => {
    const { session, stored } = await setup([Cart, Form, Csrf], { 'cart@1': '{"items":["tea"]}' });
    session.removeComponent(session.getComponent(Cart));
    session.getComponent(Cart).items.push('jam');
    session.getComponent(Form).fields.push('x'.repeat(20_000));

    await expect(session.save()).rejects.toMatchObject({ code: 'SESSION_TOO_LARGE' });

    expect(session.getComponent(Cart).items).toEqual(['tea']);
    await session.save();
    expect(stored()).toEqual(['cart@1']);
  });

  it('removes what was removed while an earlier removal was on its way', async () => {
    const { session, stored } = await setup([Cart, Csrf], {
      'cart@1': '{"items":["tea"]}',
      'csrf@1': '{"token":"x"}',
    });
    const [cart, csrf] = [session.getComponent(Cart), session.getComponent(Csrf)];
    session.removeComponent(cart);
    const saving = session.save();
    session.removeComponent(csrf);
    await saving;

    await session.save();

    expect(stored()).toEqual([]);
  });
});

describe('An emptied component', () => {
  it('is stored as empty', async () => {
    const { session, again, stored } = await setup([Cart], { 'cart@1': '{"items":["tea"]}' });

    session.getComponent(Cart).items.length = 0;
    await session.save();

    expect(stored()).toEqual(['cart@1']);
    expect((await again(session.uid)).getComponent(Cart).items).toEqual([]);
  });
});

describe('A login', () => {
  it('keeps components, unless they are marked', async () => {
    const { session } = await setup();
    const [cart, csrf, visitor] = [Cart, Csrf, Visitor].map((type) =>
      session.getComponent<unknown>(type),
    );

    await session.login('ann');

    expect(session.getComponent(Cart)).toBe(cart);
    expect(session.getComponent(Csrf)).not.toBe(csrf);
    expect(session.getComponent(Visitor)).not.toBe(visitor);
    expect(session.getComponent('visitor')).toBe(session.getComponent(Visitor));
  });

  it.each([
    ['is in use', true],
    ['is stored only', false],
  ])('removes the state of a marked component that %s', async (_, isInUse) => {
    const { session, stored } = await setup([Csrf, Cart], {
      'cart@1': '{"items":["tea"]}',
      'csrf@1': '{"token":"x"}',
    });
    if (isInUse) session.getComponent(Csrf).token = 'y';

    await session.login('ann');

    expect(stored()).toEqual(['cart@1']);
    expect(session.getComponent(Csrf).token).toBe('');
  });

  it('removes the states of all versions of it', async () => {
    const { session, stored } = await setup([NewCsrf], {
      'csrf@1': '{"token":"x"}',
      'csrf@3': '{"token":"x"}',
    });

    await session.login('ann');

    expect(stored()).toEqual([]);
    expect(session.getComponent(NewCsrf).token).toBe('');
  });

  it('removes it from what holds it, too', async () => {
    const { session } = await setup();
    const form = session.getComponent(Form);
    const before = form.csrf.secret;
    form.csrf.token = 'x';

    await session.login('ann');

    expect(session.getComponent(Form)).toBe(form);
    expect([form.csrf.token, form.csrf.secret]).toEqual(['', session.getComponent(Csrf).secret]);
    expect(form.csrf.secret).not.toBe(before);
  });

  it('saves what is held by what is kept', async () => {
    const { session, again } = await setup();
    const form = session.getComponent(Form);

    await session.login('ann');
    form.fields.push('name');
    form.csrf.token = 'y';
    await session.save();

    const other = await again(session.uid);
    expect(other.getComponent(Form).fields).toEqual(['name']);
    expect(other.getComponent(Csrf).token).toBe('y');
  });

  it('that is refused leaves everything as it is', async () => {
    const { session, sessions, stored } = await setup(
      [Csrf, Visitor],
      { 'csrf@1': '{"token":"x"}' },
      { maxPerPrincipal: { limit: 1, policy: 'refuse' } },
    );
    await (await sessions.makeSession()).login('ann');
    const csrf = session.getComponent(Csrf);

    await expect(session.login('ann')).rejects.toBeInstanceOf(SessionLimitError);
    await session.save();

    expect(session.getComponent(Csrf)).toBe(csrf);
    expect([csrf.token, stored()]).toEqual(['x', ['csrf@1']]);
  });

  it('is what drops them: a regeneration is not', async () => {
    const { session, stored } = await setup([Csrf], { 'csrf@1': '{"token":"x"}' });
    const csrf = session.getComponent(Csrf);

    await session.regenerate();

    expect([session.getComponent(Csrf) === csrf, csrf.token, stored()]).toEqual([
      true,
      'x',
      ['csrf@1'],
    ]);
  });
});
