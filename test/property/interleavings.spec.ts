import fc, { type Scheduler } from 'fast-check';
import { SessionComponent, SessionExpiredError, State } from 'nestjs-live-session';
import { type Session } from '../../lib/session/session.js';
import { Site } from '../../lib/session/site.js';
import { bootService } from '../support/boot-service.js';
import { CopyingStore } from '../support/copying.store.js';
import { WatchedStore } from '../support/watched.store.js';

@SessionComponent()
class Counter {
  @State() count = 0;
}

/** Sessions on a store whose every answer comes when the scheduler says so. */
async function setup(scheduler: Scheduler) {
  const store = new WatchedStore(new CopyingStore());
  const booted = await bootService({
    options: { store, maxPerPrincipal: { limit: 1, policy: 'end-oldest' } },
    components: [Counter],
  });
  const ends: string[] = [];
  booted.sessions.expire$.subscribe(({ id }) => void ends.push(id));
  const made: string[] = [];
  booted.sessions.create$.subscribe(({ id }) => void made.push(id));
  store.before = (operation) => scheduler.schedule(Promise.resolve(), `${operation} is asked`);
  store.after = (operation, answer) =>
    scheduler.schedule(Promise.resolve(answer), `${operation} is answered`);
  const site = booted.module.get(Site, { strict: false });
  return { ...booted, store, site, ends, made };
}

type Given = Awaited<ReturnType<typeof setup>>;

const OPERATIONS = {
  touch: async (session: Session) => session.touch(),
  save: (session: Session) => session.save(),
  regenerate: (session: Session) => session.regenerate(),
  login: (session: Session) => session.login('ada'),
  update: (session: Session) => session.update(Counter, (counter) => ++counter.count),
  'slow update': (session: Session) =>
    session.update(Counter, async (counter) => {
      const before = counter.count;
      await undefined;
      counter.count = before + 1;
    }),
  expire: (session: Session) => session.expire(),
  'expire all': (_: Session, { sessions }: Given) => sessions.expireAll('ada'),
  find: (session: Session, { sessions }: Given) => sessions.findSession(session.uid),
};

type Operation = keyof typeof OPERATIONS;

const operations = (...names: Operation[]) =>
  fc.array(fc.constantFrom(...names), { minLength: 2, maxLength: 8 });

const ALL = Object.keys(OPERATIONS) as Operation[];

/** Lets the scheduler decide who begins, and whose answer comes first. */
async function race(scheduler: Scheduler, session: Session, names: Operation[], given: Given) {
  const uids = new Set([session.uid]);
  const run = async (name: Operation): Promise<unknown> => {
    await scheduler.schedule(Promise.resolve(), name);
    try {
      return await OPERATIONS[name](session, given);
    } finally {
      uids.add(session.uid);
    }
  };
  const outcomes = await scheduler.waitFor(Promise.allSettled(names.map(run)));
  Object.assign(given.store, { before: () => {}, after: (_: unknown, answer: unknown) => answer });
  return { uids: [...uids], outcomes };
}

describe('In any interleaving', () => {
  it('an ended session stays ended, on a store that takes its time', async () => {
    const property = fc.asyncProperty(
      fc.scheduler(),
      operations(...ALL),
      async (scheduler, names) => {
        const given = await setup(scheduler);
        const session = given.site.offer();

        const { uids } = await race(scheduler, session, [...names, 'expire'], given);

        expect(session.isExpired).toBe(true);
        expect(given.ends).toEqual([session.id]);
        expect(await given.sessions.count()).toBe(0);
        for (const uid of uids) expect(await given.sessions.findSession(uid)).toBeUndefined();
        await given.module.close();
      },
    );

    await fc.assert(property, { numRuns: 150 });
  });

  it('a living session answers to its last uid, and to no other', async () => {
    const names = operations('touch', 'save', 'regenerate', 'login', 'update', 'find');
    const property = fc.asyncProperty(fc.scheduler(), names, async (scheduler, chosen) => {
      const given = await setup(scheduler);
      const session = given.site.offer();

      const { uids, outcomes } = await race(scheduler, session, [...chosen, 'save'], given);

      expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
      expect([given.made, given.ends]).toEqual([[session.id], []]);
      for (const uid of uids) {
        const found = await given.sessions.findSession(uid);
        expect(found?.id).toBe(uid === session.uid ? session.id : undefined);
      }
      await given.module.close();
    });

    await fc.assert(property, { numRuns: 100 });
  });

  it('an update that resolves is counted, and one that rejects is not', async () => {
    const names = operations('update', 'slow update', 'update', 'regenerate', 'expire', 'login');
    const property = fc.asyncProperty(fc.scheduler(), names, async (scheduler, chosen) => {
      const given = await setup(scheduler);
      const session = given.site.offer();

      const { outcomes } = await race(scheduler, session, chosen, given);

      const updates = outcomes.filter((_, index) => chosen[index]?.includes('update'));
      const resolved = updates.filter(({ status }) => status === 'fulfilled');
      expect(session.getComponent(Counter).count).toBe(resolved.length);
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected')
          expect(outcome.reason).toBeInstanceOf(SessionExpiredError);
      }
      await given.module.close();
    });

    await fc.assert(property, { numRuns: 150 });
  });

  it('a principal has no more sessions than maxPerPrincipal allows', async () => {
    const property = fc.asyncProperty(
      fc.scheduler(),
      fc.integer({ min: 2, max: 6 }),
      async (scheduler, count) => {
        const given = await setup(scheduler);
        const sessions = Array.from({ length: count }, () => given.site.offer());

        await scheduler.waitFor(Promise.all(sessions.map((session) => session.login('ada'))));

        expect(sessions.filter(({ isExpired }) => !isExpired)).toHaveLength(1);
        expect(new Set(given.ends).size).toBe(count - 1);
        await scheduler.waitFor(given.module.close());
      },
    );

    await fc.assert(property, { numRuns: 50 });
  });
});
