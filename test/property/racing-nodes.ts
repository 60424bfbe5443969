import { type Scheduler } from 'fast-check';
import { type SessionRecord } from 'nestjs-live-session';
import { Clock } from 'nestjs-live-session/testing';
import { TestedNode } from '../../lib/testing/store-suite/tested-node.js';
import { RedisFixture } from '../support/redis-fixture.js';
import { storeSettings } from '../support/store-settings.js';
import { type Passage, type WatchedClient } from '../support/watched-client.js';

const RULE = { limit: 2, policy: 'end-oldest' } as const;

/**
 * Two nodes on one Redis. While they race, a request leaves, and an answer arrives, when the scheduler
 * says so; those of one node keep their order, as on a connection.
 */
export class RacingNodes {
  #isRacing = false;
  #made = 0;

  private constructor(
    private readonly fixture: RedisFixture,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    public nodes: readonly [TestedNode, TestedNode],
  ) {}

  static async start(client: WatchedClient, scheduler: Scheduler): Promise<RacingNodes> {
    const clock = new Clock();
    const racing = new RacingNodes(new RedisFixture(client, clock), clock, scheduler, [] as never);
    racing.nodes = [await racing.#node('here'), await racing.#node('there')];
    return racing;
  }

  /** Sessions that both nodes hold: the records of the one, and of the other. */
  async share(count: number): Promise<readonly (readonly SessionRecord[])[]> {
    const [here, there] = this.nodes;
    const made = await here.makeMany(count);
    const found = await Promise.all(made.map(({ key }) => there.live(key)));
    return [made, found.filter((record) => record !== undefined)];
  }

  /** Lets the scheduler decide who begins, and which request or answer comes next. */
  async race<T>(runners: readonly (() => Promise<T>)[]): Promise<readonly T[]> {
    this.#isRacing = true;
    const begin = async (run: () => Promise<T>): Promise<T> => {
      await this.scheduler.schedule(Promise.resolve(), 'begins');
      return run();
    };
    // Both follow what happens, too, while it does.
    const follow = this.scheduler
      .schedule(Promise.resolve(), 'time passes')
      .then(() => this.clock.advance(0.01));
    const answers = await this.scheduler.waitFor(
      Promise.all([Promise.all(runners.map(begin)), follow]),
    );
    this.#isRacing = false;
    await this.scheduler.waitIdle();
    return answers[0];
  }

  readonly settle = (): Promise<void> => this.fixture.sweep();

  async stop(): Promise<void> {
    for (const { store } of this.nodes) await store.stop();
  }

  async #node(name: string): Promise<TestedNode> {
    const [there, back] = [this.#inOrder(`${name} sends`), this.#inOrder(`${name} hears`)];
    const passage: Passage = async (args, send) => {
      if (!this.#isRacing) return send(args);
      const answer = there(() => send(args));
      await back(() => answer.catch(() => {}));
      return answer;
    };
    const store = await this.fixture.node(passage);
    const nextId = (): string => `id-${String(++this.#made).padStart(4, '0')}`;
    const node = new TestedNode(store, nextId, () => this.clock.seconds());
    await store.start(storeSettings(this.clock, { maxPerPrincipal: RULE }));
    return node;
  }

  /** What goes one way between a node and the server: each when the scheduler says so, none before the last. */
  #inOrder(label: string): <T>(pass: () => Promise<T>) => Promise<T> {
    let last: Promise<unknown> = Promise.resolve();
    return (pass) => {
      const passed = last
        .then(() => this.scheduler.schedule(Promise.resolve(), label))
        .then(() => pass());
      last = passed.catch(() => {});
      return passed;
    };
  }
}
