import { LocalOnce } from '../../lib/expiry/local-once.js';
import { Latch } from '../support/latch.js';

const WEEK = 7 * 86_400;

function setup() {
  const time = { now: 1000 };
  const once = new LocalOnce(() => time.now);
  const done: string[] = [];
  const run = (text: string) => (): unknown => done.push(text);
  const fail = (): never => {
    throw new Error('away');
  };
  /** One that is under way until the test lets it go on. */
  const begin = async (end: () => unknown) => {
    const latch = new Latch();
    const outcome = once.run('mail', async () => {
      await latch.pass();
      end();
    });
    await latch.reached;
    return { outcome, letGo: () => latch.open() };
  };
  return { once, time, done, run, fail, begin };
}

describe('What a node does once', () => {
  it('is done by who comes first', async () => {
    const { once, done, run } = setup();

    const answers = [await once.run('mail', run('first')), await once.run('mail', run('second'))];

    expect([answers, done]).toEqual([[true, false], ['first']]);
  });

  it('is told apart by its name', async () => {
    const { once, done, run } = setup();

    const answers = [await once.run('mail', run('mail')), await once.run('bill', run('bill'))];

    expect([answers, done]).toEqual([
      [true, true],
      ['mail', 'bill'],
    ]);
  });

  it.each([
    ['before', -1, false],
    ['at', 0, true],
    ['after', 1, true],
  ])('is forgotten %s the end of a week: %d s', async (_, seconds, isDoneAgain) => {
    const { once, time, run } = setup();
    await once.run('mail', run('first'));

    time.now += WEEK + seconds;

    expect(await once.run('mail', run('second'))).toBe(isDoneAgain);
  });

  it('may be done again where it has failed', async () => {
    const { once, done, run, fail } = setup();
    await expect(once.run('mail', fail)).rejects.toThrow('away');

    expect([await once.run('mail', run('second')), done]).toEqual([true, ['second']]);
  });

  it('is waited for by who comes while it is under way', async () => {
    const { once, done, run, begin } = setup();
    const { outcome, letGo } = await begin(run('first'));
    const answers: boolean[] = [];

    const waiting = once.run('mail', run('second')).then((answer) => answers.push(answer));
    await once.run('bill', () => undefined);
    expect(answers).toEqual([]);
    letGo();
    await waiting;

    expect([await outcome, answers, done]).toEqual([true, [false], ['first']]);
  });

  it('is done by one of those who wait where it fails', async () => {
    const { once, done, run, fail, begin } = setup();
    const { outcome, letGo } = await begin(fail);
    const waiting = ['second', 'third', 'fourth'].map((text) => once.run('mail', run(text)));

    letGo();

    await expect(outcome).rejects.toThrow('away');
    expect([await Promise.all(waiting), done]).toEqual([[true, false, false], ['second']]);
  });

  it('is done by the next who waits where that one fails, too', async () => {
    const { once, done, run, fail, begin } = setup();
    const { outcome, letGo } = await begin(fail);
    const waiting = [fail, fail, run('fourth'), run('fifth')].map((each) => once.run('mail', each));

    letGo();
    const outcomes = await Promise.allSettled([outcome, ...waiting]);

    expect(outcomes.map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect([done, await waiting[2], await waiting[3]]).toEqual([['fourth'], true, false]);
  });

  it('keeps nothing else from being done while it is under way', async () => {
    const { once, time, run, begin } = setup();
    const { outcome, letGo } = await begin(run('first'));
    await once.run('bill', run('bill'));

    time.now += WEEK;

    expect(await once.run('bill', run('bill'))).toBe(true);
    letGo();
    expect(await outcome).toBe(true);
  });
});
