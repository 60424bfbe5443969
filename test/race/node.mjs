/** One node of the race: does what it is told, and tells of every end that it is told of. */
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SessionComponent, SessionModule, SessionService, State } from 'nestjs-live-session';
import { RedisSessionStore } from 'nestjs-live-session/redis';

const { url, sessionTimeout } = JSON.parse(process.argv[2]);

class Counter {
  constructor() {
    this.count = 0;
  }
}
State()(Counter.prototype, 'count');
SessionComponent({ name: 'counter' })(Counter);

class App {}
Module({
  imports: [
    SessionModule.forRoot({
      sessionTimeout,
      absoluteTimeout: 3600,
      store: new RedisSessionStore({ url, failFast: false, sweepInterval: 0.5 }),
    }),
    SessionModule.forFeature([Counter]),
  ],
})(App);

const app = await NestFactory.createApplicationContext(App, { logger: false });
const sessions = app.get(SessionService);
sessions.expire$.subscribe(({ id, reason, at, session }) => {
  process.send({ told: { id, reason, at, count: session.getComponent(Counter).count } });
});

/** Each answers nothing where there is no such session. */
const operations = {
  async make() {
    const { id, uid } = await sessions.makeSession();
    return { id, uid };
  },
  async count(session) {
    session.touch();
    return { count: await session.update(Counter, (counter) => ++counter.count) };
  },
  async touch(session) {
    session.touch();
    await session.save();
    return { count: session.getComponent(Counter).count };
  },
  async rotate(session) {
    await session.regenerate();
    return { uid: session.uid };
  },
  async end(session) {
    await session.logout();
    return {};
  },
};

process.on('message', async ({ number, operation, uid }) => {
  try {
    const session = uid === undefined ? undefined : await sessions.findSession(uid);
    const isAbsent = uid !== undefined && session === undefined;
    const answer = isAbsent ? undefined : await operations[operation](session);
    process.send({ number, answer });
  } catch (error) {
    process.send({ number, problem: error.code ?? String(error.stack) });
  }
});
process.on('disconnect', () => process.exit());

/** Only who has the server behind it is there from the beginning of what it has to tell. */
for (;;) {
  try {
    await sessions.count();
    break;
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
process.send({ ready: Date.now() });
