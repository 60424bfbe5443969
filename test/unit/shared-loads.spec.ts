import { SharedLoads } from '../../lib/store/shared-loads.js';

/** Loads whose answers the test gives, and how often each key was asked for. */
function setup() {
  const loads = new SharedLoads<string>();
  const asked: string[] = [];
  const answers: { resolve: (answer: string) => void; reject: (error: Error) => void }[] = [];
  const get = (key: string): Promise<string> =>
    loads.get(key, () => {
      asked.push(key);
      return new Promise((resolve, reject) => answers.push({ resolve, reject }));
    });
  const answer = (index: number, text: string): void => answers[index]?.resolve(text);
  const fail = (index: number): void => answers[index]?.reject(new Error('away'));
  return { get, asked, answer, fail };
}

/** Lets everything go on that can. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('SharedLoads', () => {
  it('asks for each key by itself', () => {
    const { get, asked } = setup();

    void get('a');
    void get('b');

    expect(asked).toEqual(['a', 'b']);
  });

  it('asks again once it was answered', async () => {
    const { get, asked, answer } = setup();
    const first = get('a');
    answer(0, 'old');
    await first;

    const second = get('a');
    answer(1, 'new');

    expect([await second, asked]).toEqual(['new', ['a', 'a']]);
  });

  it('gives nobody an answer that may be older than the question', async () => {
    const { get, answer } = setup();
    const first = get('a');
    const second = get('a');
    answer(0, 'old');
    await first;
    answer(1, 'new');

    expect(await second).toBe('new');
  });

  it('asks once for all who come while it is asked', async () => {
    const { get, asked, answer } = setup();
    const first = get('a');
    const others = [get('a'), get('a'), get('a')];
    answer(0, 'old');
    await first;
    answer(1, 'new');

    expect(await Promise.all(others)).toEqual(['new', 'new', 'new']);
    expect(asked).toEqual(['a', 'a']);
  });

  it('asks a third time for who comes while the second answer is under way', async () => {
    const { get, asked, answer } = setup();
    const first = get('a');
    const second = get('a');
    answer(0, 'old');
    await first;
    const third = get('a');
    answer(1, 'new');
    await second;
    answer(2, 'newest');

    expect([await third, asked]).toEqual(['newest', ['a', 'a', 'a']]);
  });

  it('fails all who wait where the first fails, and asks for none of them', async () => {
    const { get, asked, fail } = setup();
    const all = [get('a'), get('a'), get('a')];
    fail(0);

    const outcomes = await Promise.allSettled(all);

    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(asked).toEqual(['a']);
  });

  it('asks again after it has failed', async () => {
    const { get, answer, fail } = setup();
    const all = [get('a'), get('a')];
    fail(0);
    await Promise.allSettled(all);

    const later = get('a');
    await settled();
    answer(1, 'back');

    expect(await later).toBe('back');
  });
});
