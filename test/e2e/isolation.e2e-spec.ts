import { setImmediate as turn } from 'node:timers/promises';
import { Controller, Get, Injectable, Param, Post, Res } from '@nestjs/common';
import { InjectSession, Session, SessionService } from 'nestjs-live-session';
import { boot, type Platform } from '../support/boot.js';
import { Cart } from '../support/cart.js';
import { Client } from '../support/client.js';
import { cookieFrom } from '../support/cookie.js';
import { Latch } from '../support/latch.js';
import { logged } from '../support/logged.js';
import { type AnyResponse, rawOf } from '../support/raw.js';
import { send, wire } from '../support/send.js';
import { type Answers, PLATFORMS_AND_STORES, storeThatAnswers } from '../support/stores.js';

const CLIENTS = 50;
const ROUNDS = 20;

/** Injected by constructor, so that every request has a context. */
@Injectable()
class Greeter {
  constructor(
    private readonly session: Session,
    private readonly sessions: SessionService,
  ) {}

  async names(): Promise<unknown[]> {
    const before = this.session.principal;
    await turn();
    return [before, this.session.principal, this.sessions.current()?.principal];
  }
}

@Controller()
class NamesController {
  static latch = new Latch();
  static late: () => unknown = () => undefined;

  @Post('login/:name') async login(@InjectSession() session: Session, @Param('name') name: string) {
    session.getComponent(Cart).add(name);
    await session.login(name);
    return {};
  }

  @Get('names') async names(@InjectSession() session: Session) {
    const before = session.principal;
    await turn();
    return [before, session.principal, session.getComponent(Cart).items[0]];
  }

  @Get('fail') async fail(@InjectSession() session: Session) {
    await turn();
    throw new Error(session.principal);
  }

  @Get('write') async write(@InjectSession() session: Session, @Res() response: AnyResponse) {
    const raw = rawOf(response);
    raw.write('[');
    await turn();
    raw.end(`"${session.principal}","${session.getComponent(Cart).items[0]}"]`);
  }

  @Get('slow') async slow(@InjectSession() session: Session) {
    await NamesController.latch.pass();
    return [session.principal];
  }

  @Get('late') lateUse(@InjectSession() session: Session) {
    NamesController.late = () => {
      session.getComponent(Cart).add('late');
      return session.save();
    };
    return {};
  }
}

@Controller()
class GreeterController {
  static late: () => Promise<unknown> = async () => undefined;

  constructor(private readonly greeter: Greeter) {}

  @Get('greet') greet() {
    return this.greeter.names();
  }

  @Get('late-greet') async lateGreet() {
    const latch = NamesController.latch;
    GreeterController.late = this.#lateNames(latch);
    return {};
  }

  /** Runs on in the context of its request when that is over. */
  #lateNames(latch: Latch): () => Promise<unknown> {
    const names = latch.pass().then(() => this.greeter.names());
    return () => names;
  }
}

const CASES = PLATFORMS_AND_STORES.flatMap(([platform, answers]) => [
  [platform, answers, 'with'] as const,
  [platform, answers, 'without'] as const,
]);

const clients: Client[] = [];

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

async function setup(platform: Platform, answers: Answers, context: 'with' | 'without' = 'with') {
  const errors = logged();
  NamesController.latch = new Latch();
  const booted = await boot({
    platform,
    options: { store: storeThatAnswers(answers) },
    components: [Cart],
    controllers: [NamesController, ...(context === 'with' ? [GreeterController] : [])],
    providers: context === 'with' ? [Greeter] : [],
  });
  await booted.app.listen(0, '127.0.0.1');
  const login = async (name: string) => {
    const client = new Client(booted.app);
    clients.push(client);
    await client.ask('POST', `/login/${name}`);
    return client;
  };
  return { ...booted, errors, login };
}

describe.each(CASES)('On %s, stored %s, %s a context', (platform, answers, context) => {
  const paths = ['/names', '/write', ...(context === 'with' ? ['/greet'] : [])];

  it('none of many requests at once sees the session of another', async () => {
    const { login } = await setup(platform, answers, context);
    const names = Array.from({ length: CLIENTS }, (_, index) => `client-${index}`);
    const seen = await Promise.all(
      names.map(async (name, index) => {
        const client = await login(name);
        const bodies: unknown[] = [];
        for (let round = 0; round < ROUNDS; round++) {
          const path = paths[(index + round) % paths.length] ?? '/names';
          if (round % 5 === 3) await client.ask('GET', '/fail');
          else if (round % 5 === 4) await client.leave('GET', path);
          else bodies.push((await client.ask('GET', path)).body);
        }
        return new Set(bodies.flat());
      }),
    );

    expect(seen).toEqual(names.map((name) => new Set([name])));
  }, 60_000);

  it('a request that is pipelined behind another one keeps to its own session', async () => {
    const { app, login } = await setup(platform, answers, context);
    const [ann, bob] = [await login('ann'), await login('bob')];
    const first = wire('/slow', `Cookie: ${ann.cookie}`).replace('close', 'keep-alive');
    const second = wire('/login/bobby', `Cookie: ${bob.cookie}`).replace('GET', 'POST');
    const answer = send(app, first + second);
    await NamesController.latch.reached;
    NamesController.latch.open();

    const [, slow, renewed] = (await answer).split('HTTP/1.1');

    expect(slow).toContain('["ann"]');
    expect(slow).not.toContain('Set-Cookie');
    expect(renewed).toMatch(/Set-Cookie: sid=[\w-]{43};/i);
  });

  it.each(['known', 'new'])(
    'a %s client that is pipelined behind one in a context keeps to its own session',
    async (client) => {
      const { app, login } = await setup(platform, answers, context);
      const [ann, bob] = [await login('ann'), await login('bob')];
      const { latch } = NamesController;
      const other = ann.ask('GET', '/slow');
      await latch.reached;
      NamesController.latch = new Latch();
      const first = wire('/slow', `Cookie: ${ann.cookie}`).replace('close', 'keep-alive');
      const second = wire('/login/bobby', `Cookie: ${client === 'new' ? '' : bob.cookie}`).replace(
        'GET',
        'POST',
      );
      const answer = send(app, first + second);
      await NamesController.latch.reached;
      NamesController.latch.open();

      const [, slow, renewed] = (await answer).split('HTTP/1.1');

      expect(slow).not.toContain('Set-Cookie');
      expect(renewed).toMatch(/Set-Cookie: sid=[\w-]{43};/i);
      latch.open();
      await other;
    },
  );
});

describe.each(PLATFORMS_AND_STORES)('When its response has ended, on %s, stored %s,', (...on) => {
  it('a session that a handler kept works on', async () => {
    const { http } = await setup(...on);
    const cookie = cookieFrom(await http.post('/login/ann').expect(201));
    await http.get('/late').set({ cookie }).expect(200);

    await NamesController.late();

    const { body } = await http.get('/names').set({ cookie }).expect(200);
    expect(body).toEqual(['ann', 'ann', 'ann']);
  });

  it('what stands for its session stands for nobody', async () => {
    const { login } = await setup(...on);
    const [ann, bob] = [await login('ann'), await login('bob')];
    await ann.ask('GET', '/late-greet');
    await bob.ask('GET', '/greet');
    NamesController.latch.open();

    await expect(GreeterController.late()).rejects.toHaveProperty('code', 'NO_CURRENT_SESSION');
  });
});
