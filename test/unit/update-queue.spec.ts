import { UpdateQueue } from '../../lib/session/update-queue.js';
import { Latch } from '../support/latch.js';

function setup() {
  const log: string[] = [];
  const queue = new UpdateQueue();
  const component = {};
  const note = (name: string) => async (): Promise<string> => {
    log.push(`${name} begins`);
    await undefined;
    log.push(`${name} ends`);
    return name;
  };
  return { log, queue, component, note };
}

describe('UpdateQueue', () => {
  it('runs an update at once where nobody waits', () => {
    const { log, queue, component, note } = setup();

    void queue.run([component], note('a'));

    expect(log).toEqual(['a begins']);
  });

  it('runs updates of one component one after the other, first come, first served', async () => {
    const { log, queue, component, note } = setup();

    await Promise.all(['a', 'b', 'c'].map((name) => queue.run([component], note(name))));

    expect(log).toEqual(['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`]));
  });

  it('runs updates of different components side by side', async () => {
    const { log, queue, note } = setup();

    await Promise.all(['a', 'b'].map((name) => queue.run([{}], note(name))));

    expect(log).toEqual(['a begins', 'b begins', 'a ends', 'b ends']);
  });

  it('answers each with its own result', async () => {
    const { queue, component, note } = setup();

    const answers = await Promise.all(['a', 'b'].map((name) => queue.run([component], note(name))));

    expect(answers).toEqual(['a', 'b']);
  });

  it('tells each its own failure, and goes on with the next', async () => {
    const { queue, component, note } = setup();
    const fail = () => Promise.reject(new Error('broken'));

    const results = await Promise.allSettled([
      queue.run([component], fail),
      queue.run([component], note('b')),
      queue.run([component], fail),
      queue.run([component], note('d')),
    ]);

    expect(results.map(({ status }) => status === 'fulfilled')).toEqual([false, true, false, true]);
  });

  it('takes one that comes late while another is under way', async () => {
    const { log, queue, component, note } = setup();
    const latch = new Latch();
    const first = queue.run([component], () => latch.pass());
    await latch.reached;

    const second = queue.run([component], note('b'));

    expect(log).toEqual([]);
    latch.open();
    await Promise.all([first, second]);
    expect(log).toEqual(['b begins', 'b ends']);
  });

  it('has one wait that is asked for as another begins', async () => {
    const { log, queue, component, note } = setup();
    let inner: Promise<unknown> = Promise.resolve();

    await queue.run([component], async () => {
      inner = queue.run([component], note('inner'));
      await note('outer')();
    });
    await inner;

    expect(log).toEqual(['outer begins', 'outer ends', 'inner begins', 'inner ends']);
  });

  it('waits for all that share a component with it, and for nobody else', async () => {
    const { log, queue, note } = setup();
    const [a, b, c] = [{}, {}, {}];
    const latch = new Latch();
    const first = queue.run([a, b], () => latch.pass());

    const second = queue.run([b, c], note('b'));
    await queue.run([{}], note('other'));

    expect(log).toEqual(['other begins', 'other ends']);
    latch.open();
    await Promise.all([first, second]);
    expect(log.slice(2)).toEqual(['b begins', 'b ends']);
  });

  it('waits for nothing once all are done', async () => {
    const { log, queue, component, note } = setup();
    await queue.run([component], note('a'));

    void queue.run([component], note('b'));

    expect(log.at(-1)).toBe('b begins');
  });
});
