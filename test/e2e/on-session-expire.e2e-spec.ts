import { setImmediate as turn } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { Controller, Get, Inject, Injectable, Module, type Provider, Scope } from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import {
  InjectSession,
  OnSessionExpire,
  Session,
  SessionComponent,
  SessionComponentError,
  type SessionExpiration,
  SessionService,
  State,
} from 'nestjs-live-session';
import { boot, type BootOptions, PLATFORMS } from '../support/boot.js';
import { Cart } from '../support/cart.js';
import { logged } from '../support/logged.js';

/** What the handlers of a test were called with, in order. */
@Injectable()
class Journal {
  readonly entries: (readonly [handler: string, expiration: SessionExpiration])[] = [];

  write(handler: string, expiration: SessionExpiration): void {
    this.entries.push([handler, expiration]);
  }

  get handlers(): readonly string[] {
    return this.entries.map(([handler]) => handler);
  }

  get reasons(): readonly string[] {
    return this.entries.map(([, { reason }]) => reason);
  }
}

@Injectable()
class Reminder {
  constructor(protected readonly journal: Journal) {}

  @OnSessionExpire()
  remind(expiration: SessionExpiration): void {
    this.journal.write(this.constructor.name, expiration);
  }
}

const setup = async (providers: Provider[] = [Reminder], given: Partial<BootOptions> = {}) => {
  const booted = await boot({
    ...given,
    components: [Cart, ...(given.components ?? [])],
    providers: [Journal, ...providers],
  });
  return { ...booted, journal: booted.app.get(Journal) };
};

/** What the boot of an application with a provider is refused with. */
const refusal = (...providers: Provider[]): Promise<unknown> =>
  setup(providers).then(
    () => undefined,
    (error: unknown) => error,
  );

describe('@OnSessionExpire() is told of', () => {
  it.each<[string, (booted: Awaited<ReturnType<typeof setup>>, session: Session) => unknown]>([
    ['idle', ({ clock }) => clock.advance(900)],
    [
      'absolute',
      ({ clock }, session) => {
        clock.advance(600);
        session.touch();
        clock.advance(400);
      },
    ],
    ['logout', (_, session) => session.logout()],
    ['revoked', ({ sessions }) => sessions.expireAll('ada')],
    ['limit', ({ sessions }) => sessions.makeSession()],
    ['banned', (_, session) => session.expire('banned')],
  ])('an end by %s, once', async (reason, end) => {
    const options = { maxSessions: 1, absoluteTimeout: 1000 };
    const booted = await setup([Reminder], { options });
    const session = await booted.sessions.makeSession();
    await session.login('ada');

    await end(booted, session);

    expect(booted.journal.reasons).toEqual([reason]);
  });

  it('an end that a look-up found overdue', async () => {
    const { clock, sessions, journal } = await setup();
    const { uid } = await sessions.makeSession();
    clock.rightNow = 901;

    await sessions.findSession(uid);

    expect(journal.reasons).toEqual(['idle']);
  });

  it('everything that there is to know of the end', async () => {
    const { clock, sessions, journal } = await setup();
    const session = await sessions.makeSession();
    await session.login('ada');
    clock.advance(10);

    await session.expire('banned');

    const [[, expiration] = []] = journal.entries;
    const { id } = session;
    expect(expiration).toMatchObject({ id, reason: 'banned', at: 10, principal: 'ada' });
    expect(expiration?.session).toBe(session);
  });

  it('the same eventId as everybody else', async () => {
    const { sessions, journal } = await setup();
    const session = await sessions.makeSession();
    const told: string[] = [];
    session.notifyOnExpire(({ eventId }) => told.push(eventId));

    await session.expire();

    expect(journal.entries.map(([, { eventId }]) => eventId)).toEqual(told);
    expect(told).toEqual([expect.stringMatching(/./)]);
  });

  it('every session’s end with an eventId of its own', async () => {
    const { sessions, journal } = await setup();
    const made = [await sessions.makeSession(), await sessions.makeSession()];

    for (const session of made) await session.expire();

    expect(new Set(journal.entries.map(([, { eventId }]) => eventId)).size).toBe(2);
  });

  it('an end that it caused itself', async () => {
    @Injectable()
    class Purge {
      constructor(private readonly sessions: SessionService) {}

      @OnSessionExpire() async purge(): Promise<void> {
        await this.sessions.expireAll('ada');
      }
    }
    const { sessions, journal } = await setup([Reminder, Purge]);
    await (await sessions.makeSession()).login('ada');

    await (await sessions.makeSession()).expire();

    expect(journal.reasons).toEqual(['logout', 'revoked']);
  });

  it.each(PLATFORMS)('no session that nobody used, on %s', async (platform) => {
    @Controller()
    class UnusedController {
      @Get() show(@InjectSession() session: Session): object {
        return { isNew: session.isNew };
      }

      @Get('end') async end(@InjectSession() session: Session): Promise<object> {
        await session.expire();
        return {};
      }
    }
    const { http, clock, journal } = await setup([Reminder], {
      platform,
      controllers: [UnusedController],
    });

    await http.get('/').expect(200);
    await http.get('/end').expect(200);
    clock.advance(10_000);

    expect(journal.entries).toEqual([]);
  });

  it('no session of another application', async () => {
    const { journal } = await setup();
    const other = await setup();

    await (await other.sessions.makeSession()).expire();

    expect(journal.entries).toEqual([]);
  });
});

describe('@OnSessionExpire() is found', () => {
  /** Whose handlers are called at the end of one session. */
  const handlersOf = async (providers: Provider[], given: Partial<BootOptions> = {}) => {
    const { sessions, journal } = await setup(providers, given);
    await (await sessions.makeSession()).expire();
    return journal.handlers;
  };

  @Injectable()
  class LateReminder extends Reminder {}

  @Injectable()
  class SilentReminder extends Reminder {
    override remind(expiration: SessionExpiration): void {
      this.journal.write('silent', expiration);
    }
  }

  @Injectable()
  class TwofoldReminder extends Reminder {
    @OnSessionExpire()
    again(expiration: SessionExpiration): void {
      this.journal.write('again', expiration);
    }
  }

  it('on a provider', async () => {
    expect(await handlersOf([Reminder])).toEqual(['Reminder']);
  });

  it('on a controller', async () => {
    @Controller()
    class ReminderController extends Reminder {}

    const handlers = await handlersOf([], { controllers: [ReminderController] });

    expect(handlers).toEqual(['ReminderController']);
  });

  it('on a private provider of a feature', async () => {
    @Module({ providers: [Journal, Reminder] })
    class FeatureModule {}

    const { app, sessions } = await setup([], { imports: [FeatureModule] });
    await (await sessions.makeSession()).expire();

    expect(app.select(FeatureModule).get(Journal).handlers).toEqual(['Reminder']);
  });

  it('on several methods of one class', async () => {
    const handlers = await handlersOf([TwofoldReminder]);

    expect([...handlers].sort()).toEqual(['TwofoldReminder', 'again']);
  });

  it('on an inherited method', async () => {
    expect(await handlersOf([LateReminder])).toEqual(['LateReminder']);
  });

  it('on each provider of a class', async () => {
    expect(await handlersOf([Reminder, LateReminder])).toEqual(['Reminder', 'LateReminder']);
  });

  it('no more on an inherited method that is overridden without it', async () => {
    expect(await handlersOf([SilentReminder])).toEqual([]);
  });

  it.each<[string, Provider]>([
    ['useClass', { provide: 'reminder', useClass: Reminder }],
    [
      'useFactory',
      {
        provide: 'reminder',
        inject: [Journal],
        useFactory: (journal: Journal) => new Reminder(journal),
      },
    ],
    [
      'an async useFactory',
      {
        provide: 'reminder',
        inject: [Journal],
        useFactory: async (journal: Journal) => new Reminder(journal),
      },
    ],
  ])('on what %s provides', async (_, provider) => {
    expect(await handlersOf([provider])).toEqual(['Reminder']);
  });

  it('on what useValue provides', async () => {
    const journal = new Journal();

    const { sessions } = await setup([{ provide: 'reminder', useValue: new Reminder(journal) }]);
    await (await sessions.makeSession()).expire();

    expect(journal.handlers).toEqual(['Reminder']);
  });

  it('once on a provider that has several names', async () => {
    const handlers = await handlersOf([
      Reminder,
      { provide: 'alias', useExisting: Reminder },
      { provide: 'same', inject: [Reminder], useFactory: (reminder: Reminder) => reminder },
    ]);

    expect(handlers).toEqual(['Reminder']);
  });

  it('on a session component', async () => {
    @SessionComponent()
    class Profile {
      @State() name = '';

      constructor(private readonly journal: Journal) {}

      @OnSessionExpire()
      forget(expiration: SessionExpiration): void {
        this.journal.write(`Profile of ${this.name}`, expiration);
      }
    }
    const { sessions, journal } = await setup([], { components: [Profile] });
    const session = await sessions.makeSession();
    await session.update(Profile, (profile) => (profile.name = 'ada'));

    await session.expire();

    expect(journal.handlers).toEqual(['Profile of ada']);
  });

  it('not on what a test puts in the place of a provider', async () => {
    const override: BootOptions['override'] = (builder) =>
      builder.overrideProvider(Reminder).useValue({ remind: () => undefined });

    expect(await handlersOf([Reminder], { override })).toEqual([]);
  });

  it('as it is when the session ends, with a spy that came later', async () => {
    const { app, sessions } = await setup();
    const spy = jest.spyOn(app.get(Reminder), 'remind').mockReturnValue();

    await (await sessions.makeSession()).expire();

    expect(spy).toHaveBeenCalledTimes(1);
  });
});

describe('@OnSessionExpire() is refused at boot', () => {
  @Injectable({ scope: Scope.REQUEST })
  class PerRequest extends Reminder {}

  @Injectable({ scope: Scope.TRANSIENT })
  class PerConsumer extends Reminder {}

  @Injectable()
  class Indirect extends Reminder {
    constructor(
      journal: Journal,
      @Inject(REQUEST) readonly request: unknown,
    ) {
      super(journal);
    }
  }

  it.each([
    ['request-scoped', PerRequest],
    ['request-scoped by what it depends on', Indirect],
    ['transient', PerConsumer],
  ])('on a provider that is %s', async (_, provider) => {
    const error = await refusal(provider);

    expect(error).toBeInstanceOf(SessionComponentError);
    expect(error).toMatchObject({ component: `${provider.name}.remind` });
  });
});

describe('while an @OnSessionExpire() method runs', () => {
  @Injectable()
  class Mailer {
    readonly mails: unknown[] = [];

    constructor(
      private readonly cart: Cart,
      private readonly session: Session,
      private readonly sessions: SessionService,
    ) {}

    @OnSessionExpire()
    async remind(expiration: SessionExpiration): Promise<void> {
      this.#mail(expiration);
      await Promise.resolve();
      this.#mail(expiration);
    }

    #mail({ session }: SessionExpiration): void {
      const isCurrent = this.sessions.current() === session;
      this.mails.push([this.session.principal, [...this.cart.items], isCurrent]);
    }
  }

  const prepare = async () => {
    const { app, clock, sessions } = await setup([Mailer]);
    const session = await sessions.makeSession();
    await session.login('ada');
    await session.update(Cart, (cart) => cart.add('tea'));
    return { clock, sessions, session, mailer: app.get(Mailer) };
  };

  it('the ended session is the current one, before and after it waits', async () => {
    const { session, mailer } = await prepare();

    await session.expire();

    const mail = ['ada', ['tea'], true];
    expect(mailer.mails).toEqual([mail, mail]);
  });

  it('the ended session is the current one where a timer ended it', async () => {
    const { clock, mailer } = await prepare();

    await clock.advanceAsync(900);

    expect(mailer.mails).toHaveLength(2);
  });

  it('the ended session is the current one where another was', async () => {
    const { sessions, session, mailer } = await prepare();
    const other = await sessions.makeSession();

    await sessions.run(other, () => session.expire());

    expect(mailer.mails[0]).toEqual(['ada', ['tea'], true]);
  });

  it('the components of the event answer', async () => {
    const { sessions, session } = await prepare();
    const items: unknown[] = [];
    sessions.expire$.subscribe((end) => items.push(...end.session.getComponent(Cart).items));

    await session.expire();

    expect(items).toEqual(['tea']);
  });

  it('the session is gone from the service', async () => {
    const { sessions, session } = await prepare();
    const counts: Promise<number>[] = [];
    sessions.expire$.subscribe(() => counts.push(sessions.count()));

    await session.expire();

    expect(await Promise.all(counts)).toEqual([0]);
  });
});

describe('an @OnSessionExpire() method that fails', () => {
  const FAILURE = new Error('no mail today');

  @Injectable()
  class Thrower {
    @OnSessionExpire() throw(): never {
      throw FAILURE;
    }
  }

  @Injectable()
  class Rejecter {
    @OnSessionExpire() async reject(): Promise<never> {
      return Promise.reject(FAILURE);
    }
  }

  @Injectable()
  class Hanger {
    @OnSessionExpire() hang(): Promise<never> {
      return new Promise(() => {});
    }
  }

  const KINDS = [Thrower, Rejecter, Hanger];

  it.each(KINDS)('keeps no other from being called: %p', async (failing) => {
    logged();
    const { sessions, journal } = await setup([failing, Reminder]);

    await (await sessions.makeSession()).expire();

    expect(journal.handlers).toEqual(['Reminder']);
  });

  it.each(KINDS)('keeps no session alive, and nobody waiting: %p', async (failing) => {
    logged();
    const { sessions } = await setup([failing]);
    const session = await sessions.makeSession();

    await session.expire();

    expect(session.isExpired).toBe(true);
    expect(await sessions.count()).toBe(0);
  });

  it.each([Thrower, Rejecter])('is logged: %p', async (failing) => {
    const errors = logged();
    const { sessions } = await setup([failing]);

    await (await sessions.makeSession()).expire();
    await turn();

    expect(errors).toEqual([expect.stringContaining(FAILURE.message)]);
  });

  it('is called again for the next session', async () => {
    const errors = logged();
    const { sessions, clock } = await setup([Thrower]);
    await sessions.makeSession();
    await sessions.makeSession();

    clock.advance(900);

    expect(errors).toHaveLength(2);
  });

  it.each(PLATFORMS)('harms no request on %s', async (platform) => {
    @Controller()
    class LogoutController {
      @Get() async logout(@InjectSession() session: Session): Promise<object> {
        session.touch();
        await session.logout();
        return { isExpired: session.isExpired };
      }
    }
    logged();
    const { http } = await setup(KINDS, { platform, controllers: [LogoutController] });

    const { body } = await http.get('/').expect(200);

    expect(body).toEqual({ isExpired: true });
  });
});
