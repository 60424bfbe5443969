import fc from 'fast-check';
import { type Session, SessionComponent, type SessionExpiration, State } from 'nestjs-live-session';
import { bootService } from '../support/boot-service.js';
import { collect } from '../support/collect.js';
import { Model, type ModelSession, RULES } from './life-cycle.model.js';

@SessionComponent()
class Counter {
  @State() count = 0;
}

/** One session as it is, as it should be, and every uid that it ever had. */
interface Pair {
  readonly real: Session;
  readonly model: ModelSession;
  readonly uids: string[];
  /** How often its own callback was called. */
  told: number;
}

async function setup() {
  const { sessions, clock, module } = await bootService({
    options: {
      sessionTimeout: RULES.sessionTimeout,
      absoluteTimeout: RULES.absoluteTimeout,
      maxPerPrincipal: { limit: RULES.limit, policy: 'end-oldest' },
    },
    components: [Counter],
  });
  const ends: SessionExpiration[] = [];
  sessions.expire$.subscribe((end) => void ends.push(end));
  return { sessions, clock, module, ends, model: new Model(), pairs: new Array<Pair>() };
}

type World = Awaited<ReturnType<typeof setup>>;

/** One step: what is done, with which session, and by how much. */
interface Step {
  readonly kind: Kind;
  readonly on: number;
  readonly by: number;
}

type Action = (world: World, pair: Pair, by: number) => Promise<void>;

/** Does the same to the session and to its model, and compares what they answer. */
const ACTIONS = {
  async make({ sessions, model, pairs }) {
    const real = await sessions.makeSession();
    const pair: Pair = { real, model: model.make(), uids: [real.uid], told: 0 };
    real.notifyOnExpire(() => void pair.told++);
    pairs.push(pair);
  },
  async touch({ model }, pair) {
    expect(pair.real.touch()).toBe(model.touch(pair.model));
  },
  async save({ model }, pair) {
    expect(await succeeds(pair.real.save())).toBe(model.isAlive(pair.model));
  },
  async write(_, pair, by) {
    pair.real.getComponent(Counter).count = by;
    pair.model.count = by;
  },
  async update({ model }, pair, by) {
    const isAlive = model.isAlive(pair.model);
    const update = pair.real.update(Counter, (counter) => (counter.count += by));
    expect(await succeeds(update)).toBe(isAlive);
    if (isAlive) pair.model.count += by;
  },
  async updateInVain({ model }, pair) {
    model.isAlive(pair.model);
    const update = pair.real.update(Counter, (counter) => {
      counter.count = -1;
      throw new Error('in vain');
    });
    expect(await succeeds(update)).toBe(false);
  },
  async regenerate({ model }, pair) {
    expect(await succeeds(pair.real.regenerate())).toBe(model.isAlive(pair.model));
    pair.uids.push(pair.real.uid);
  },
  async login({ model }, pair, by) {
    const principal = principalOf(by);
    const isDone = model.login(pair.model, principal);
    expect(await succeeds(pair.real.login(principal))).toBe(isDone);
    pair.uids.push(pair.real.uid);
  },
  async logout({ model }, pair) {
    model.expire(pair.model, 'logout');
    await pair.real.logout();
  },
  async expire({ model }, pair) {
    model.expire(pair.model, 'banned');
    await pair.real.expire('banned');
  },
  async expireAll({ sessions, model }, pair, by) {
    const isSpared = by % 2 === 1;
    const count = model.expireAll(principalOf(by), isSpared ? pair.model : undefined);
    const options = isSpared ? { except: pair.real } : {};
    expect(await sessions.expireAll(principalOf(by), options)).toBe(count);
  },
  async retime({ model }, pair, by) {
    model.retime(pair.model, 2 * by + 1);
    pair.real.sessionTimeout = 2 * by + 1;
  },
  async retimeInVain(_, pair, by) {
    expect(() => (pair.real.sessionTimeout = by - 100)).toThrow('sessionTimeout');
  },
  async chain(world, pair, by) {
    const other = world.pairs[by % world.pairs.length];
    if (other !== undefined && other !== pair) chain(world, pair, other);
  },
  async find({ sessions, model }, pair, by) {
    const uid = pair.uids[by % pair.uids.length] ?? '';
    const isFound = uid === pair.uids.at(-1) && model.isAlive(pair.model);
    expect((await sessions.findSession(uid))?.id).toBe(isFound ? pair.real.id : undefined);
  },
  async findById({ sessions, model }, pair) {
    const isFound = model.isAlive(pair.model);
    expect((await sessions.findById(pair.real.id))?.id).toBe(isFound ? pair.real.id : undefined);
  },
  async list({ sessions, model, pairs }) {
    const alive = pairs.filter((pair) => model.isAlive(pair.model)).map(({ real }) => real.id);
    expect((await collect(sessions.list())).map(({ id }) => id)).toEqual(alive);
  },
  async advance({ clock, model }, _, by) {
    model.advance(by / 4);
    clock.advance(by / 4);
  },
  /** Time passes, to a moment before, at or after the end of a session, and the timers are late. */
  async lag({ clock, model }, pair, by) {
    model.now = Math.max(model.now, pair.model.deadline + ((by % 3) - 1) / 4);
    clock.rightNow = model.now;
  },
} satisfies Record<string, Action>;

/** What chance alone would hardly come upon. */
const PLOTS = {
  /** A login that finds another session overdue, whose end is that of the one that logs in. */
  async usurp(world, pair, by) {
    const rival = world.pairs[by % world.pairs.length];
    if (rival === undefined || rival === pair) return;
    await ACTIONS.login(world, rival, 0);
    chain(world, rival, pair);
    await ACTIONS.lag(world, rival, 1);
    await ACTIONS.login(world, pair, 0);
  },
  /** A login that ends the oldest session, whose end is that of the one that logs in. */
  async displace(world, pair, by) {
    const oldest = world.pairs[by % world.pairs.length];
    if (oldest === undefined || oldest === pair) return;
    await ACTIONS.login(world, oldest, 0);
    chain(world, oldest, pair);
    await ACTIONS.make(world);
    await ACTIONS.login(world, world.pairs.at(-1) ?? pair, 0);
    await ACTIONS.login(world, pair, 0);
  },
} satisfies Record<string, Action>;

const STEPS = { ...ACTIONS, ...PLOTS };

type Kind = keyof typeof STEPS;

const KINDS = Object.keys(STEPS) as Kind[];

const LIVES: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(
      ...KINDS,
      'make',
      'touch',
      'touch',
      'login',
      'login',
      'advance',
      'advance',
    ),
    on: fc.nat(5),
    by: fc.nat(24),
  }),
  { maxLength: 60, size: 'max' },
);

/** Compares everything that can be seen of the sessions with what should be. */
async function check({ sessions, clock, model, pairs, ends }: World): Promise<void> {
  expect(byId(ends.map(({ id, reason, at }) => ({ id, reason, at })))).toEqual(
    byId(model.ends.map(({ session, reason, at }) => ({ id: idOf(pairs, session), reason, at }))),
  );
  expect(ends.map(({ at }) => at)).toEqual(ends.map(({ at }) => at).sort((a, b) => a - b));
  expect(await sessions.count()).toBe(pairs.length - model.ends.length);
  expect(clock.calls).toHaveLength(pairs.length === ends.length ? 0 : 1);
  for (const pair of pairs) expect(shown(pair)).toEqual(promised(pair));
}

const shown = ({ real, told }: Pair) => ({
  isExpired: real.isExpired,
  told,
  principal: real.principal,
  sessionTimeout: real.sessionTimeout,
  lastModified: real.lastModified,
  expiresAt: real.expiresAt,
  count: real.getComponent(Counter).count,
});

const promised = ({ model }: Pair) => ({
  isExpired: model.end !== undefined,
  told: model.end === undefined ? 0 : 1,
  principal: model.principal,
  sessionTimeout: model.idle,
  lastModified: model.touchedAt,
  expiresAt: model.end?.at ?? model.deadline,
  count: model.count,
});

describe('The life of sessions', () => {
  it('goes by the rules, whatever is done with them', async () => {
    const property = fc.asyncProperty(LIVES, async (steps) => {
      const world = await setup();
      await ACTIONS.make(world);

      for (const { kind, on, by } of steps) {
        const pair = world.pairs[on % world.pairs.length];
        if (pair !== undefined) await STEPS[kind](world, pair, by);
        await check(world);
      }

      await end(world);
    });

    await fc.assert(property, { numRuns: 120 });
  }, 60_000);
});

/** From now on the end of one is the end of another. */
function chain({ model }: World, one: Pair, other: Pair): void {
  model.chain(one.model, other.model);
  one.real.notifyOnExpire(() => other.real.expire('chained'));
}

/** Long after, every session has ended, once; no uid that there ever was is one any more. */
async function end(world: World): Promise<void> {
  world.model.advance(10_000);
  world.clock.advance(10_000);
  await check(world);
  expect(world.ends).toHaveLength(world.pairs.length);
  expect(world.clock.calls).toEqual([]);
  for (const uid of world.pairs.flatMap(({ uids }) => uids)) {
    expect(await world.sessions.findSession(uid)).toBeUndefined();
  }
  await world.module.close();
}

const principalOf = (by: number): string => (by % 4 < 3 ? 'ada' : 'bob');

const succeeds = (promise: Promise<unknown>): Promise<boolean> =>
  promise.then(
    () => true,
    () => false,
  );

const idOf = (pairs: readonly Pair[], session: ModelSession): string | undefined =>
  pairs.find(({ model }) => model === session)?.real.id;

function byId<T extends { id: string | undefined }>(items: T[]): T[] {
  return items.sort((a, b) => ((a.id ?? '') < (b.id ?? '') ? -1 : 1));
}
