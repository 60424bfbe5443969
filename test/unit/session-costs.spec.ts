import { jest } from '@jest/globals';
import { type Session } from 'nestjs-live-session';
import { bootService } from '../support/boot-service.js';
import { usedHeap } from '../support/garbage.js';
import { promisesIn } from '../support/promises.js';

async function setup(count: number) {
  const booted = await bootService();
  const made: Session[] = [];
  for (let index = 0; index < count; index++) made.push(await booted.sessions.makeSession());
  return { ...booted, made };
}

describe('Live sessions', () => {
  it.each([1, 2, 1000])('have one timer for all of them: for %d', async (count) => {
    const { clock } = await setup(count);

    expect(clock.calls).toHaveLength(1);
  });

  it('have no timer where there are none', async () => {
    const { clock } = await setup(0);

    expect(clock.calls).toEqual([]);
  });

  it('leave no timer behind when they are ended', async () => {
    const { clock, made } = await setup(100);

    for (const session of made) await session.expire();

    expect(clock.calls).toEqual([]);
  });

  it('leave no timer behind when their time has come', async () => {
    const { clock, sessions } = await setup(100);

    clock.advance(900);

    expect([await sessions.count(), clock.calls]).toEqual([0, []]);
  });

  it('do not set the timer again where none is due before the others', async () => {
    const { clock, sessions } = await setup(1);
    const callLater = jest.spyOn(clock, 'callLater');

    for (let count = 0; count < 100; count++) {
      clock.advance(count % 2);
      await sessions.makeSession();
    }

    expect(callLater).not.toHaveBeenCalled();
  });

  it('ask the reactor for nothing but the time when they are touched, and once', async () => {
    const { clock, made } = await setup(100);
    clock.advance(5);
    const calls = clock.calls;
    const callLater = jest.spyOn(clock, 'callLater');
    const seconds = jest.spyOn(clock, 'seconds');

    for (const session of made) session.touch();

    expect([callLater.mock.calls.length, seconds.mock.calls.length]).toEqual([0, 100]);
    expect(clock.calls).toEqual(calls);
  });

  it('ask the reactor for no timer when they are found', async () => {
    const { clock, sessions, made } = await setup(100);
    const callLater = jest.spyOn(clock, 'callLater');

    for (const { uid } of made) await sessions.getSession(uid);

    expect(callLater).not.toHaveBeenCalled();
  });

  it('take one promise to be made, found and ended: the one that is returned', async () => {
    const { sessions, made } = await setup(1);
    const [session] = made as [Session];
    session.notifyOnExpire(() => {});

    const counts = [
      promisesIn(() => sessions.makeSession()),
      promisesIn(() => sessions.getSession(session.uid)),
      promisesIn(() => sessions.findSession(session.uid)),
      promisesIn(() => session.expire()),
    ];

    expect(counts).toEqual([1, 1, 1, 1]);
  });

  it('take no promise to be touched and asked for a component', async () => {
    const { made } = await setup(1);
    const [session] = made as [Session];

    const count = promisesIn(() => {
      session.touch();
      session.getComponent('nothing', undefined);
    });

    expect(count).toBe(0);
  });

  it('take little room: not 800 bytes each', async () => {
    const { sessions } = await setup(1000);
    const count = 20_000;
    const before = await usedHeap();

    for (let index = 0; index < count; index++) await sessions.makeSession();

    expect(((await usedHeap()) - before) / count).toBeLessThan(800);
    expect(await sessions.count()).toBe(count + 1000);
  });

  it('hold on to nothing that they were asked for with', async () => {
    const { sessions, made } = await setup(1000);
    const cookies = made.map(({ uid }) => `${'other='.padEnd(8000, 'x')}; sid=${uid}`);
    const before = await usedHeap();

    for (const cookie of cookies.splice(0)) await sessions.getSession(cookie.slice(-43));

    // All headers together are 8 MB.
    expect((await usedHeap()) - before).toBeLessThan(1_000_000);
  });

  it('give their room back when they end', async () => {
    const { clock, sessions } = await setup(1000);
    clock.advance(1000);
    const before = await usedHeap();

    for (let index = 0; index < 20_000; index++) await sessions.makeSession();
    clock.advance(1000);

    expect(((await usedHeap()) - before) / 20_000).toBeLessThan(50);
  });
});
