import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import { redisClientForFile } from '../support/redis-fixture.js';
import { placeOfCopies, type PlaceFactory, redisPlace } from './store-places.js';
import { finish, KINDS, type Step, take } from './store-steps.js';
import { type Fault, StoreWorld } from './store-world.js';

// Nodes that crash have much to say.
beforeAll(() => Logger.overrideLogger(false));
afterAll(() => Logger.overrideLogger(true));

const client = redisClientForFile();

const GAMES: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(...KINDS, 'make', 'write', 'write', 'login', 'login', 'open', 'lag'),
    by: fc.nat(1),
    on: fc.nat(3),
    much: fc.nat(24),
    fault: fc.constantFrom<Fault[]>(
      undefined,
      undefined,
      undefined,
      undefined,
      'request',
      'answer',
    ),
  }),
  { minLength: 3, maxLength: 14, size: 'max' },
);

async function play(place: PlaceFactory, steps: readonly Step[]): Promise<void> {
  const world = await StoreWorld.begin(place);
  for (const step of steps) await take(world, step);
  await finish(world);
}

describe('What nodes do with sessions that they share', () => {
  it.each([
    ['copies of a memory store', () => placeOfCopies, 1300],
    ['Redis', () => redisPlace(client), 400],
  ] as const)(
    'goes by the rules, whatever they do, and whatever crashes or gets lost: %s',
    async (_, place, numRuns) => {
      await fc.assert(
        fc.asyncProperty(GAMES, (steps) => play(place(), steps)),
        { numRuns },
      );
    },
    240_000,
  );

  it('ends what was revoked as such, where nobody came to it before its time was up', async () => {
    const step = { by: 0, on: 0, much: 1, fault: undefined };
    const steps: readonly Step[] = [
      { ...step, kind: 'login' },
      { ...step, kind: 'endAll', fault: 'answer' },
      { ...step, kind: 'lag' },
    ];

    await expect(play(redisPlace(client), steps)).resolves.toBeUndefined();
  });
});
