import { Controller, Get, Res } from '@nestjs/common';
import { InjectSession, Session, SessionError } from 'nestjs-live-session';
import { firstValueFrom } from 'rxjs';
import { boot, type Platform, setCookies } from '../support/boot.js';
import { Cart } from '../support/cart.js';
import { cookieOf } from '../support/cookie.js';
import { logged } from '../support/logged.js';
import { type AnyResponse, rawOf } from '../support/raw.js';
import { type Answers, PLATFORMS_AND_STORES, storeThatAnswers } from '../support/stores.js';
import { text } from '../support/text.js';

/** What a handler may do with its session when it is too late for a header. */
const LATE: Readonly<Record<string, (session: Session) => unknown>> = {
  uid: (session) => session.uid,
  id: (session) => session.id,
  subscribe: (session) => firstValueFrom(session.expire$),
  notify: (session) => session.notifyOnExpire(() => {}),
  save: (session) => session.save(),
  touch: (session) => session.touch(),
  change: async (session) => {
    session.getComponent(Cart).add('tea');
    await session.save();
  },
  login: (session) => session.login('ann'),
  regenerate: (session) => session.regenerate(),
  logout: (session) => session.logout(),
};

async function outcomeOf(use: () => unknown): Promise<string> {
  try {
    return `fine: ${String(await use())}`;
  } catch (error) {
    return error instanceof SessionError ? error.code : String(error);
  }
}

@Controller()
class LateController {
  @Get('written/:use') async written(
    @InjectSession() session: Session,
    @Res() response: AnyResponse,
  ): Promise<void> {
    const raw = rawOf(response);
    raw.write(' ');
    raw.end(await outcomeOf(() => LATE[useOf(raw.req.url)]?.(session)));
  }

  @Get('flushed/:use') async flushed(
    @InjectSession() session: Session,
    @Res() response: AnyResponse,
  ): Promise<void> {
    const raw = rawOf(response);
    raw.flushHeaders();
    raw.end(await outcomeOf(() => LATE[useOf(raw.req.url)]?.(session)));
  }
}

/** Asks for its session when the headers have left, and not before. */
@Controller('asking')
class AskingController {
  constructor(private readonly session: Session) {}

  @Get(':use') async ask(@Res() response: AnyResponse): Promise<void> {
    const raw = rawOf(response);
    raw.flushHeaders();
    const outcome = await outcomeOf(() => LATE[useOf(raw.req.url)]?.(this.session));
    raw.end(outcome);
  }
}

function useOf(url = ''): string {
  return url.split('/').at(-1) ?? '';
}

async function setup(platform: Platform, answers: Answers) {
  logged();
  const store = storeThatAnswers(answers);
  const controllers = [LateController, AskingController];
  const booted = await boot({ platform, options: { store }, components: [Cart], controllers });
  const get = async (path: string, cookie = ''): Promise<{ body: string; cookies: string[] }> => {
    const response = await booted.http.get(path).set({ cookie }).buffer(true).parse(text);
    return { body: String(response.body).trim(), cookies: setCookies(response) };
  };
  return { ...booted, get };
}

describe.each(PLATFORMS_AND_STORES)(
  'Too late for a header on %s, stored %s,',
  (platform, answers) => {
    it.each(['uid', 'id', 'subscribe', 'notify', 'save', 'change', 'login', 'regenerate'])(
      'the first use of a new session is refused: %s',
      async (use) => {
        const { get, sessions } = await setup(platform, answers);

        const { body, cookies } = await get(`/written/${use}`);

        expect(body).toBe('SESSION_HEADERS_SENT');
        expect(cookies).toEqual([]);
        expect(await sessions.count()).toBe(0);
      },
    );

    it.each(['uid', 'id', 'subscribe', 'notify', 'save', 'change', 'login', 'regenerate'])(
      'the first use of a new session that is asked for so late is refused: %s',
      async (use) => {
        const { get, sessions } = await setup(platform, answers);

        const { body, cookies } = await get(`/asking/${use}`);

        expect([body, cookies]).toEqual(['SESSION_HEADERS_SENT', []]);
        expect(await sessions.count()).toBe(0);
      },
    );

    it('touching a new session does nothing', async () => {
      const { get, sessions } = await setup(platform, answers);

      expect(await get('/written/touch')).toEqual({ body: 'fine: false', cookies: [] });
      expect(await sessions.count()).toBe(0);
    });

    it.each(['written', 'flushed'])('login() is refused and changes nothing: %s', async (how) => {
      const { get, sessions } = await setup(platform, answers);
      const session = await sessions.makeSession();
      const { uid } = session;

      const { body } = await get(`/${how}/login`, cookieOf(session));

      expect(body).toBe('SESSION_HEADERS_SENT');
      expect([session.principal, session.uid]).toEqual([undefined, uid]);
      expect(await sessions.findSession(uid)).toBe(session);
    });

    it.each(['written', 'flushed'])('regenerate() is refused, changes nothing: %s', async (how) => {
      const { get, sessions } = await setup(platform, answers);
      const session = await sessions.makeSession();
      const { uid } = session;

      const { body } = await get(`/${how}/regenerate`, cookieOf(session));

      expect(body).toBe('SESSION_HEADERS_SENT');
      expect(session.uid).toBe(uid);
      expect(await sessions.findSession(uid)).toBe(session);
    });

    it.each(['uid', 'id', 'touch', 'save', 'change'])(
      'a session that the client has is used as ever: %s',
      async (use) => {
        const { get, sessions } = await setup(platform, answers);
        const session = await sessions.makeSession();

        const { body } = await get(`/written/${use}`, cookieOf(session));

        expect(body).toMatch(/^fine/);
      },
    );

    it('logout() ends the session all the same', async () => {
      const { get, sessions } = await setup(platform, answers);
      const session = await sessions.makeSession();

      const { body } = await get('/written/logout', cookieOf(session));

      expect(body).toMatch(/^fine/);
      expect(await sessions.count()).toBe(0);
    });
  },
);
