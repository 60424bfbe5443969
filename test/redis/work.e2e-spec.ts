import { jest } from '@jest/globals';
import { Injectable, Logger, type Type } from '@nestjs/common';
import { OnSessionExpire, type SessionExpiration } from 'nestjs-live-session';
import { Cart } from '../support/cart.js';
import { Latch } from '../support/latch.js';
import { logged } from '../support/logged.js';
import { type BootedNode, RedisApplication } from '../support/redis-nodes.js';
import { redisForFile } from '../support/redis-server.js';
import { until } from '../support/until.js';

const redis = redisForFile();
/** Time moves on while the server is asked. */
const PATIENT = { operationTimeout: 86_400 };

/** What a handler of this test does, and what it was given, on all nodes. */
class Desk {
  readonly told: string[] = [];
  work: (expiration: SessionExpiration) => unknown = () => undefined;
}

/** A handler that writes down what it is given, and then does what the test wants. */
function handlerOn(desk: Desk, name = 'mail'): Type {
  @Injectable()
  class Mailer {
    @OnSessionExpire({ name })
    async remind(expiration: SessionExpiration) {
      desk.told.push(`${expiration.eventId} ${expiration.reason}`);
      await desk.work(expiration);
    }
  }
  return Mailer;
}

async function setup(nodes = 3) {
  const application = new RedisApplication(redis());
  const desk = new Desk();
  const errors = logged();
  const warnings: unknown[] = [];
  jest.spyOn(Logger.prototype, 'warn').mockImplementation((text) => void warnings.push(text));
  const providers = [handlerOn(desk)];
  const all: BootedNode[] = [];
  for (let i = 0; i < nodes; i++) {
    all.push(await application.node({ components: [Cart], providers, redis: PATIENT }));
  }
  const key = (name: string): string => `{${application.prefix}:s0}:${name}`;
  return { application, desk, all, errors, warnings, key };
}

/** Moves the time of nodes on, and lets the server answer what they ask. */
async function pass(nodes: readonly BootedNode[], seconds: number): Promise<void> {
  for (const { clock } of nodes) await clock.advanceAsync(seconds);
  for (let i = 0; i < 5; i++) await redis().send('PING');
}

/** Has every node look for what there is to do, until something is so. */
async function lookUntil(nodes: readonly BootedNode[], isSo: () => boolean): Promise<void> {
  await until(async () => {
    await pass(nodes, 1);
    return isSo();
  });
}

/** Everything that was taken is done. */
async function pendingOf(key: (name: string) => string): Promise<number> {
  const [count] = (await redis().send('XPENDING', key('ev'), 'mail')) as [number];
  return count;
}

/** As if whoever took it had been silent for so many seconds. */
async function age(key: (name: string) => string, seconds: number): Promise<void> {
  const entries = (await redis().send('XPENDING', key('ev'), 'mail', '-', '+', '10')) as [
    string,
    string,
  ][];
  for (const [id, consumer] of entries) {
    const idle = ['IDLE', String(seconds * 1000), 'JUSTID'];
    await redis().send('XCLAIM', key('ev'), 'mail', consumer, '0', id, ...idle);
  }
}

describe('A handler of ends on three nodes', () => {
  it('is called once with each end', async () => {
    const { all, desk, key } = await setup();
    const [here] = all as [BootedNode];
    const sessions = await Promise.all(
      Array.from({ length: 30 }, () => here.sessions.makeSession()),
    );

    await Promise.all(sessions.map((session) => session.logout()));
    await lookUntil(all, () => desk.told.length >= 30);
    await until(async () => (await pendingOf(key)) === 0);

    expect(desk.told.sort()).toEqual(sessions.map(({ id }) => `${id}:ended logout`).sort());
  });

  it('is given the session as it was at its end', async () => {
    const { all, desk } = await setup();
    const [here] = all as [BootedNode];
    const items: unknown[] = [];
    desk.work = ({ session, principal }) =>
      items.push([session.getComponent(Cart).items, principal]);
    const session = await here.sessions.makeSession();
    session.getComponent(Cart).add('tea');
    await session.login('ada');

    await session.logout();
    await lookUntil(all, () => items.length > 0);

    expect(items).toEqual([[['tea'], 'ada']]);
  });

  it('is called by another node with the same event where the first has crashed', async () => {
    const { application, all, desk, key } = await setup(1);
    const [crashing] = all as [BootedNode];
    const latch = new Latch();
    desk.work = () => latch.pass();
    const session = await crashing.sessions.makeSession();
    await session.logout();
    await lookUntil(all, () => desk.told.length > 0);
    desk.work = () => undefined;
    const another = await application.node({ providers: [handlerOn(desk)], redis: PATIENT });
    await pass([another], 5);
    const soon = desk.told.length;

    await age(key, 60);
    await lookUntil([another], () => desk.told.length > 1);
    await until(async () => (await pendingOf(key)) === 0);
    latch.open();

    expect(soon).toBe(1);
    expect(desk.told).toEqual(Array.from({ length: 2 }, () => `${session.id}:ended logout`));
  });

  it('is called again, later and later, where it fails', async () => {
    const { all, desk } = await setup(1);
    const [{ clock, sessions }] = all as [BootedNode];
    const times: number[] = [];
    desk.work = () => {
      times.push(clock.seconds());
      if (times.length < 4) throw new Error('The mail server is away.');
    };
    const session = await sessions.makeSession();
    await session.logout();

    await until(async () => {
      await pass(all, 0.25);
      return times.length === 4;
    });

    const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(pauses.map((pause) => Math.floor(pause))).toEqual([1, 2, 4]);
  });

  it('is given up after so many tries, and reported with where the end is kept', async () => {
    const { all, desk, errors, key } = await setup(1);
    const [{ sessions }] = all as [BootedNode];
    desk.work = () => Promise.reject(new Error('The mail server is away.'));
    const session = await sessions.makeSession();
    await session.logout();

    await until(async () => {
      await pass(all, 2);
      return errors.length > 0;
    });

    const letters = (await redis().send('XRANGE', key('dead'), '-', '+')) as [string, string[]][];
    expect(desk.told).toHaveLength(5);
    expect(letters[0]?.[1]).toEqual(
      expect.arrayContaining(['handler', 'mail', 'id', session.id, 'reason', 'logout']),
    );
    expect(errors).toEqual([expect.stringContaining(key('dead'))]);
    expect(await pendingOf(key)).toBe(0);
  });

  it('that hangs is given the end again, and keeps none from other handlers', async () => {
    const { all, desk, warnings } = await setup(1);
    const [{ clock, sessions }] = all as [BootedNode];
    const latch = new Latch();
    desk.work = () => (desk.told.length === 1 ? latch.pass() : undefined);
    const session = await sessions.makeSession();
    await session.logout();

    await lookUntil(all, () => desk.told.length > 1);
    latch.open();

    expect(clock.seconds()).toBeGreaterThan(30);
    expect(warnings).toEqual([expect.stringContaining('handlerTimeout')]);
  });

  it('that hangs keeps its node from no end, and no other handler from its own', async () => {
    const application = new RedisApplication(redis());
    const there = await application.node();
    const [mail, audit] = [new Desk(), new Desk()];
    const latch = new Latch();
    mail.work = () => latch.pass();
    const here = await application.node({
      providers: [handlerOn(mail), handlerOn(audit, 'audit')],
      redis: { ...PATIENT, handlerTimeout: 86_400 },
    });
    const told: string[] = [];
    here.sessions.expire$.subscribe(({ id, reason }) => told.push(`${id}:ended ${reason}`));
    const ends: string[] = [];

    const end = async (): Promise<void> => {
      const session = await there.sessions.makeSession();
      ends.push(`${session.id}:ended logout`);
      await session.logout();
    };

    await end();
    await lookUntil([here], () => mail.told.length > 0);
    await end();
    await lookUntil([here], () => told.length + audit.told.length >= 4);

    expect([told, audit.told, mail.told]).toEqual([ends, ends, ends.slice(0, 1)]);
    latch.open();
  });

  it('is not called with ends from before it was there', async () => {
    const application = new RedisApplication(redis());
    const early = await application.node();
    await (await early.sessions.makeSession()).logout();
    const desk = new Desk();
    const late = await application.node({ providers: [handlerOn(desk)], redis: PATIENT });
    const session = await early.sessions.makeSession();

    await session.logout();
    await lookUntil([late], () => desk.told.length > 0);

    expect(desk.told).toEqual([`${session.id}:ended logout`]);
  });

  it('is called after the server has forgotten that it was there', async () => {
    const { all, desk, key } = await setup(2);
    const [{ sessions }] = all as [BootedNode];
    await redis().send('DEL', key('ev'));
    const session = await sessions.makeSession();

    await session.logout();
    await lookUntil(all, () => desk.told.length > 0);

    expect(desk.told).toEqual([`${session.id}:ended logout`]);
  });

  it('is refused at boot where there are two of one name', async () => {
    const providers = [handlerOn(new Desk()), handlerOn(new Desk())];

    const booting = new RedisApplication(redis()).node({ providers });

    await expect(booting).rejects.toMatchObject({ message: expect.stringContaining('mail') });
  });
});

describe('The nodes that a handler has on the server', () => {
  /** Those that the handler's group knows, and for how long each has been silent. */
  async function consumersOf(key: (name: string) => string) {
    return (await redis().send('XINFO', 'CONSUMERS', key('ev'), 'mail')) as {
      readonly name: string;
      readonly pending: number;
      readonly idle: number;
    }[];
  }

  async function setupOld() {
    const { application, key } = await setup(1);
    const consume = (name: string) =>
      redis().send('XGROUP', 'CREATECONSUMER', key('ev'), 'mail', name);
    await consume('idle');
    await consume('owing');
    await redis().send('XADD', key('ev'), '*', 'kind', 'other');
    await redis().send(
      'XREADGROUP',
      'GROUP',
      'mail',
      'owing',
      'COUNT',
      '1',
      'STREAMS',
      key('ev'),
      '>',
    );
    const boot = (handlerTimeout: number) =>
      application.node({ providers: [handlerOn(new Desk())], redis: { handlerTimeout } });
    return { key, boot };
  }

  it('are forgotten as another starts, where they have long been silent and owe nothing', async () => {
    const { key, boot } = await setupOld();
    await until(async () => (await consumersOf(key)).every(({ idle }) => idle > 110));

    await boot(0.001);

    const left = (await consumersOf(key)).filter(({ name }) => name === 'idle' || name === 'owing');
    expect(left).toEqual([expect.objectContaining({ name: 'owing', pending: 1 })]);
  });

  it('are known as another starts, where they have not been silent for long', async () => {
    const { key, boot } = await setupOld();

    await boot(30);

    expect((await consumersOf(key)).map(({ name }) => name)).toContain('idle');
  });
});
