import { logged } from '../support/logged.js';
import { Latch } from '../support/latch.js';
import { RedisApplication } from '../support/redis-nodes.js';
import { redisAndClientForFile } from '../support/redis-fixture.js';

const { redis, client } = redisAndClientForFile();

/** Two nodes, the first of which has no server any more from `cut()` on. */
async function setup() {
  logged();
  const application = new RedisApplication(redis());
  let isCut = false;
  const connection = client().through((args, send) =>
    isCut ? Promise.reject(new Error('The connection is lost.')) : send(args),
  );
  const here = await application.node({ redis: { url: undefined, client: connection } });
  const there = await application.node();
  /** Somebody who has begun, and goes on when the test lets him. */
  const begin = async ({ sessions }: typeof here, end: () => unknown = () => undefined) => {
    const latch = new Latch();
    const outcome = sessions.once('mail 1', async () => {
      await latch.pass();
      end();
    });
    await latch.reached;
    return async () => {
      latch.open();
      return outcome;
    };
  };
  /** As if whoever has begun had taken too long. */
  const lapse = () => redis().send('DEL', `{${application.prefix}:s0}:once:mail 1`);
  return { here, there, begin, lapse, cut: () => (isCut = true) };
}

function fail(): never {
  throw new Error('The mail server is away.');
}

describe('What is to be done once', () => {
  it('is done once, by whichever node', async () => {
    const { here, there } = await setup();
    const done: string[] = [];
    const run = (): unknown => done.push('mail');

    const answers: boolean[] = [];
    for (const { sessions } of [here, there, here]) {
      answers.push(await sessions.once('mail 1', run));
    }

    expect([done, answers]).toEqual([['mail'], [true, false, false]]);
  });

  it('is not done by another node while it is under way', async () => {
    const { here, there, begin } = await setup();
    const goOn = await begin(here);

    const second = there.sessions.once('mail 1', () => undefined);

    await expect(second).rejects.toThrow('being done elsewhere');
    expect(await goOn()).toBe(true);
  });

  it('is done by another node where it has failed', async () => {
    const { here, there } = await setup();
    await expect(here.sessions.once('mail 1', fail)).rejects.toThrow('mail server');

    expect(await there.sessions.once('mail 1', () => undefined)).toBe(true);
  });

  it('stays done where somebody fails who has taken too long', async () => {
    const { here, there, begin, lapse } = await setup();
    const goOn = await begin(here, fail);
    await lapse();
    await there.sessions.once('mail 1', () => undefined);

    await expect(goOn()).rejects.toThrow('mail server');

    expect(await there.sessions.once('mail 1', () => undefined)).toBe(false);
  });

  it('stays under way where somebody fails who has taken too long', async () => {
    const { here, there, begin, lapse } = await setup();
    const goOn = await begin(here, fail);
    await lapse();
    const other = await begin(there);

    await expect(goOn()).rejects.toThrow('mail server');

    const third = there.sessions.once('mail 1', () => undefined);
    await expect(third).rejects.toThrow('being done elsewhere');
    expect(await other()).toBe(true);
  });

  it('is done where it has taken too long, even if somebody fails who has begun again', async () => {
    const { here, there, begin, lapse } = await setup();
    const goOn = await begin(here);
    await lapse();
    const other = await begin(there, fail);

    await goOn();
    await expect(other()).rejects.toThrow('mail server');

    expect(await there.sessions.once('mail 1', () => undefined)).toBe(false);
  });

  it('fails with its own error where the server does not answer any more', async () => {
    const { here, begin, cut } = await setup();
    const goOn = await begin(here, fail);
    cut();

    await expect(goOn()).rejects.toThrow('mail server');
  });
});
