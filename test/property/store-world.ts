import { type SessionRecord } from 'nestjs-live-session';
import { Clock } from 'nestjs-live-session/testing';
import { TestedNode } from '../../lib/testing/store-suite/tested-node.js';
import { storeSettings } from '../support/store-settings.js';
import { type ModelSession, RULES, StoreModel } from './store.model.js';
import { type Place, type PlaceFactory } from './store-places.js';
import { type Passage } from '../support/watched-client.js';

/** What may happen to the next operation of a node: its request is lost, or its answer. */
export type Fault = 'request' | 'answer' | undefined;

/** A node in a game, and what it holds. */
export class Player {
  /** What somebody on this node holds of each session: it may be behind. */
  readonly views = new Map<string, SessionRecord>();
  /** The ends that it is told of only where nobody was told before it came. */
  readonly early: ReadonlySet<string>;
  fault: Fault;
  isCrashed = false;

  constructor(
    readonly node: TestedNode,
    ended: Iterable<string>,
  ) {
    this.early = new Set(ended);
  }
}

/** A place with two nodes that take part, one that only looks, and the model of what they should see. */
export class StoreWorld {
  readonly clock = new Clock();
  readonly model = new StoreModel();
  readonly players: Player[] = [];
  readonly place: Place;
  #auditor: TestedNode | undefined;
  #start = 0;
  #made = 0;

  private constructor(make: PlaceFactory) {
    this.clock.rightNow = 1_750_000_000;
    this.place = make(this.clock);
  }

  /** Begins with one session, which only the one that looks has seen. */
  static async begin(make: PlaceFactory): Promise<StoreWorld> {
    const world = new StoreWorld(make);
    world.players.push(await world.join(), await world.join());
    world.#auditor = await world.#startNode((args, send) => send(args));
    const { sessionTimeout, absoluteTimeout } = RULES;
    const first = await world.auditor.make({ sessionTimeout, absoluteTimeout });
    world.#start = first.createdAt;
    world.model.make(first.id, first.key);
    return world;
  }

  get auditor(): TestedNode {
    if (this.#auditor === undefined) throw new Error('The world has not begun.');
    return this.#auditor;
  }

  /** A new node. */
  async join(): Promise<Player> {
    let player: Player | undefined;
    const node = await this.#startNode(async (args, send) => {
      if (player?.isCrashed === true) throw new Error('This node is no more.');
      if (player?.fault === undefined || args[0] !== 'EVALSHA') return send(args);
      const { fault } = player;
      player.fault = undefined;
      if (fault === 'answer') await send(args);
      throw new Error(`The ${fault} is lost.`);
    });
    player = new Player(node, this.#overIds());
    return player;
  }

  /** As the model counts: seconds since the game began. */
  since(at: number | undefined): number | undefined {
    return at === undefined ? undefined : Math.round((at - this.#start) * 1000) / 1000;
  }

  /** The other way round: what a node takes for an instant of the model. */
  at(seconds: number): number {
    return this.#start + seconds;
  }

  /** A state that no component has had before. */
  newText(): string {
    return `"text ${++this.#made}"`;
  }

  async travel(seconds: number): Promise<void> {
    this.clock.rightNow += seconds;
    await this.place.travel?.(seconds);
    this.model.travel(seconds);
  }

  async sweep(): Promise<void> {
    if (this.place.sweep === undefined) await this.clock.advanceAsync(0);
    else await this.place.sweep();
  }

  /** What a node holds of a session; it is found there where nothing is held yet. */
  async view(player: Player, session: ModelSession): Promise<SessionRecord | undefined> {
    const held = player.views.get(session.id) ?? (await player.node.live(session.key));
    if (held !== undefined) player.views.set(session.id, held);
    return held;
  }

  async close(): Promise<void> {
    for (const { node } of this.players) await node.store.stop();
    await this.auditor.store.stop();
  }

  async #startNode(passage: Passage): Promise<TestedNode> {
    const store = await this.place.node(passage);
    const nextId = (): string => `id-${String(++this.#made).padStart(6, '0')}`;
    const node = new TestedNode(store, nextId, () => this.clock.seconds());
    const maxPerPrincipal = { limit: RULES.limit, policy: 'end-oldest' } as const;
    await store.start(storeSettings(this.clock, { maxPerPrincipal }));
    return node;
  }

  #overIds(): readonly string[] {
    const dead = this.model.sessions.filter(({ over }) => over !== undefined);
    return dead.map(({ id }) => id);
  }
}
