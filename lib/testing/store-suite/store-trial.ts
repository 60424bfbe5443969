import { SystemRandomSource } from '../../session/random-source.js';
import { SessionStore, type SessionStoreSettings } from '../../store/session.store.js';
import { Clock } from '../clock.js';
import { type SessionStoreFactory, type SessionStoreFixture } from './store-fixture.js';
import { TestedNode } from './tested-node.js';

/** What a node is started with that is not the same for all tests. */
export type NodeSettings = Partial<Pick<SessionStoreSettings, 'maxSessions' | 'maxPerPrincipal'>>;

/** A moment at which nothing special happens: whole seconds stay whole in what is computed from it. */
const START = 1_750_000_000;

/** One test of a store: its nodes, and the time that they go by. */
export class StoreTrial {
  readonly #nodes = new Map<TestedNode, 'started' | 'left'>();
  #made = 0;

  private constructor(
    private readonly clock: Clock,
    private readonly fixture: SessionStoreFixture,
  ) {}

  /** Runs a test in a place of its own, and cleans up after it. */
  static async run(
    factory: SessionStoreFactory,
    prove: (trial: StoreTrial) => Promise<void>,
  ): Promise<void> {
    const clock = new Clock();
    clock.rightNow = START;
    const made = await factory(clock);
    const fixture = made instanceof SessionStore ? { node: () => made } : made;
    const trial = new StoreTrial(clock, fixture);
    try {
      await prove(trial);
    } finally {
      for (const [node, state] of trial.#nodes) if (state === 'started') await trial.stop(node);
      await fixture.dispose?.();
    }
  }

  /** A node that has started. */
  async node(given: NodeSettings = {}): Promise<TestedNode> {
    const node = await this.newNode();
    await node.store.start(this.settings(given));
    this.#nodes.set(node, 'started');
    return node;
  }

  async pair(given: NodeSettings = {}): Promise<readonly [TestedNode, TestedNode]> {
    return [await this.node(given), await this.node(given)];
  }

  /** A node that has not started. */
  async newNode(): Promise<TestedNode> {
    const nextId = (): string => `id-${String(++this.#made).padStart(8, '0')}`;
    return new TestedNode(await this.fixture.node(), nextId, () => this.clock.seconds());
  }

  settings(given: NodeSettings = {}): SessionStoreSettings {
    const random = new SystemRandomSource();
    const limits = { maxSessions: undefined, maxPerPrincipal: undefined };
    return { reactor: this.clock, random, ...limits, ...given };
  }

  async stop(node: TestedNode): Promise<void> {
    this.#nodes.set(node, 'left');
    await node.store.stop();
  }

  /** Lets time pass while the timers of all nodes are late: what is due waits for who meets it. */
  async travel(seconds: number): Promise<void> {
    this.clock.rightNow += seconds;
    await this.fixture.travel?.(seconds);
  }

  /** Lets all nodes do what is due, and hear of what the others did. */
  async sweep(): Promise<void> {
    if (this.fixture.sweep === undefined) await this.clock.advanceAsync(0);
    else await this.fixture.sweep();
  }

  /** Lets time pass, and all that it brings happen. */
  async advance(seconds: number): Promise<void> {
    await this.travel(seconds);
    await this.sweep();
  }
}
