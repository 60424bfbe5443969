import { inspect } from 'node:util';
import { Controller, Get, Param, Post } from '@nestjs/common';
import { InjectSession, RequireSession, Session } from 'nestjs-live-session';
import { boot, type Platform, setCookies } from '../support/boot.js';
import { Cart } from '../support/cart.js';
import { cookieFrom, cookieOf } from '../support/cookie.js';
import { logged } from '../support/logged.js';
import { type Answers, PLATFORMS_AND_STORES, storeThatAnswers } from '../support/stores.js';

/** What counts as use of a session. */
const USES: Readonly<Record<string, (session: Session) => unknown>> = {
  uid: (session) => session.uid,
  id: (session) => session.id,
  'a change to a component': (session) => session.getComponent(Cart).add('tea'),
  'an update()': (session) => session.update(Cart, (cart) => cart.add('tea')),
  'a subscription to expire$': (session) => session.expire$.subscribe(),
  'notifyOnExpire()': (session) => session.notifyOnExpire(() => {}),
  'startCheckingExpiration()': (session) => session.startCheckingExpiration(),
  'login()': (session) => session.login('ann'),
  'regenerate()': (session) => session.regenerate(),
  'touch()': (session) => session.touch(),
  'save()': (session) => session.save(),
  'JSON, which has the id in it': (session) => JSON.stringify(session),
};

/** What does not. */
const LOOKS: Readonly<Record<string, (session: Session) => unknown>> = {
  nothing: () => undefined,
  isNew: (session) => session.isNew,
  isExpired: (session) => session.isExpired,
  createdAt: (session) => session.createdAt,
  lastModified: (session) => session.lastModified,
  expiresAt: (session) => session.expiresAt,
  sessionTimeout: (session) => session.sessionTimeout,
  absoluteTimeout: (session) => session.absoluteTimeout,
  principal: (session) => session.principal,
  'a component': (session) => session.getComponent(Cart).items.length,
  'a component that was changed and changed back': (session) => {
    session.getComponent(Cart).add('tea');
    session.getComponent(Cart).items.pop();
  },
  'a missing component': (session) => session.getComponent('tenant', null),
  'expire$ itself': (session) => session.expire$,
  'console.log()': (session) => inspect(session, { showHidden: true, depth: 9 }),
  'Object.keys()': (session) => Object.keys(session),
  'logout()': (session) => session.logout(),
};

@Controller()
class UseController {
  @Post('use/:name') async use(@InjectSession() session: Session, @Param('name') name: string) {
    await (USES[name] ?? LOOKS[name])?.(session);
  }

  @Get('component') component(@InjectSession(Cart) cart: Cart) {
    return { items: cart.items };
  }

  @Get('peek') peek(@InjectSession({ create: false }) session?: Session) {
    return { isKnown: session !== undefined, isNew: session?.isNew };
  }

  @Get('guarded') @RequireSession() guarded(@InjectSession() session: Session) {
    return { lastModified: session.lastModified };
  }

  @Get('plain') plain() {
    return {};
  }

  @Get('modified') modified(@InjectSession() session: Session) {
    return { lastModified: session.lastModified };
  }

  @Get('twice') twice(@InjectSession() one: Session, @InjectSession() two: Session) {
    return { id: one.id, isSame: one === two };
  }
}

async function setup(platform: Platform, answers: Answers) {
  logged();
  const store = storeThatAnswers(answers);
  const booted = await boot({
    platform,
    options: { store },
    components: [Cart],
    controllers: [UseController],
  });
  await booted.app.listen(0, '127.0.0.1');
  const use = (name: string) => booted.http.post(`/use/${encodeURIComponent(name)}`);
  return { ...booted, store, use };
}

const NEW = [expect.stringMatching(/^sid=[\w-]{43}; /)];
const CLEARED = [expect.stringMatching(/^sid=; .*Max-Age=0/)];
const UNKNOWN = `sid=${'A'.repeat(43)}`;

describe.each(PLATFORMS_AND_STORES)('A new session on %s, stored %s,', (platform, answers) => {
  it.each(Object.keys(USES))('is kept for %s', async (name) => {
    const { use, sessions } = await setup(platform, answers);

    const response = await use(name).expect(201);

    expect(setCookies(response)).toEqual(NEW);
    expect(await sessions.count()).toBe(1);
  });

  it.each(Object.keys(LOOKS))('is not kept for %s', async (name) => {
    const { use, store } = await setup(platform, answers);

    const response = await use(name).expect(201);

    expect(setCookies(response)).toEqual([]);
    expect(store.asked).toEqual([]);
  });

  it('is found by its cookie', async () => {
    const { use, http } = await setup(platform, answers);
    const cookie = cookieFrom(await use('a change to a component').expect(201));

    await http
      .get('/component')
      .set({ cookie })
      .expect(200, { items: ['tea'] });
  });

  it('is new until its client comes back', async () => {
    const { use, http } = await setup(platform, answers);
    const cookie = cookieFrom(await use('id').expect(201));

    await http.get('/peek').set({ cookie }).expect(200, { isKnown: true, isNew: false });
  });

  it('is the same for every parameter', async () => {
    const { http, sessions } = await setup(platform, answers);

    const { body } = await http.get('/twice').expect(200);

    expect(body.isSame).toBe(true);
    expect(await sessions.count()).toBe(1);
  });

  it('is one for each of several first requests at once', async () => {
    const { use, sessions } = await setup(platform, answers);

    const responses = await Promise.all(Array.from({ length: 20 }, () => use('id').expect(201)));

    expect(new Set(responses.flatMap(setCookies)).size).toBe(20);
    expect(await sessions.count()).toBe(20);
  });

  it('is never made where create is false', async () => {
    const { http, store } = await setup(platform, answers);

    const response = await http.get('/peek').expect(200, { isKnown: false });

    expect(setCookies(response)).toEqual([]);
    expect(store.asked).toEqual([]);
  });

  it('is told of by create$ once it is kept', async () => {
    const { use, sessions } = await setup(platform, answers);
    const made: string[] = [];
    sessions.create$.subscribe(({ id }) => made.push(id));

    await use('nothing').expect(201);
    await use('id').expect(201);

    expect(made).toHaveLength(1);
  });

  it.each([
    ['without a cookie', '', []],
    ['with an unknown uid', UNKNOWN, CLEARED],
    ['with a malformed uid', 'sid=x', CLEARED],
  ])('is not left behind by a flood of requests %s', async (_, cookie, cookies) => {
    const { use, sessions } = await setup(platform, answers);

    const responses = await Promise.all(
      ['nothing', 'createdAt', 'a component', 'logout()']
        .flatMap((name) => [name, name, name])
        .map((name) => use(name).set({ cookie }).expect(201)),
    );

    expect(responses.map(setCookies)).toEqual(responses.map(() => cookies));
    expect(await sessions.count()).toBe(0);
  });

  it('never gets the uid that its client made up', async () => {
    const { use, sessions } = await setup(platform, answers);

    const response = await use('id').set({ cookie: UNKNOWN }).expect(201);

    expect(setCookies(response)).toEqual(NEW);
    expect(cookieFrom(response)).not.toBe(UNKNOWN);
    expect(await sessions.findSession('A'.repeat(43))).toBeUndefined();
  });
});

describe.each(PLATFORMS_AND_STORES)('A session on %s, stored %s,', (platform, answers) => {
  it('is not looked for by a request that never asks for it', async () => {
    const { http, sessions, store } = await setup(platform, answers);
    const cookie = cookieOf(await sessions.makeSession());
    store.asked.length = 0;

    await http.get('/plain').set({ cookie }).expect(200);

    expect(store.asked).toEqual([]);
  });

  it.each(['/modified', '/guarded', '/component', '/peek', '/twice'])(
    'is looked for once a request: %s',
    async (path) => {
      const { http, sessions, store } = await setup(platform, answers);
      const cookie = cookieOf(await sessions.makeSession());
      store.asked.length = 0;

      await http.get(path).set({ cookie }).expect(200);

      expect(store.asked).toEqual(['open']);
    },
  );

  it.each(['/modified', '/guarded', '/component', '/peek'])(
    'is touched by the request: %s',
    async (path) => {
      const { http, sessions, clock } = await setup(platform, answers);
      const session = await sessions.makeSession();
      clock.advance(600);

      await http
        .get(path)
        .set({ cookie: cookieOf(session) })
        .expect(200);

      expect([session.lastModified, session.expiresAt]).toEqual([600, 1500]);
    },
  );

  it('is not touched by a request that never asks for it', async () => {
    const { http, sessions, clock } = await setup(platform, answers);
    const session = await sessions.makeSession();
    clock.advance(600);

    await http
      .get('/plain')
      .set({ cookie: cookieOf(session) })
      .expect(200);

    expect(session.lastModified).toBe(0);
  });

  it.each([
    [899, true],
    [900, false],
    [901, false],
  ])('of 900 seconds is found after %d: %s', async (seconds, isKnown) => {
    const { http, sessions, clock } = await setup(platform, answers);
    const cookie = cookieOf(await sessions.makeSession());
    clock.advance(seconds);

    const { body } = await http.get('/peek').set({ cookie }).expect(200);

    expect(body.isKnown).toBe(isKnown);
  });
});
