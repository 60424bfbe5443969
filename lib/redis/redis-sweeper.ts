import { type DelayedCall } from '../reactor/reactor.js';
import { type SessionStoreSettings } from '../store/session.store.js';
import { type RedisDirectory } from './redis.directory.js';
import { type RedisNode, type TailedShard } from './redis-node.js';
import { type ResolvedRedisOptions } from './redis-options.js';
import { type Found, type Member, type RedisShard } from './redis-shard.js';

/** How many due sessions are ended at a time: so few that no other work waits long for it. */
const BATCH = 200;

/** What the sweeper is made of. */
export interface SweeperParts {
  readonly node: RedisNode;
  readonly directory: RedisDirectory;
  readonly options: ResolvedRedisOptions;
  readonly settings: SessionStoreSettings;
  /** Asks after every session that is held here. */
  readonly reconcile: () => Promise<void>;
  /** Gives the handlers what there is to do, and waits for none of them. */
  readonly work: () => void;
}

/**
 * What a node does by itself: ends what is due, goes on with revocations that somebody did not finish,
 * reads what has ended elsewhere, has its handlers look for work, and now and then asks after all that
 * it holds. However long a handler takes, nothing else waits for it.
 *
 * Every node sweeps every shard; there is no leader and no lock, since an end is one step of the
 * server and happens once. The more nodes there are the less often each sweeps, at times that chance
 * spreads.
 */
export class RedisSweeper {
  readonly #calls = new Map<string, DelayedCall>();
  #nodes = 1;
  #isKnown = false;
  #isStopped = false;

  constructor(private readonly parts: SweeperParts) {}

  start(): void {
    const { sweepInterval, reconcileInterval } = this.parts.options;
    this.#repeat(
      'sweep',
      () => this.#spread(sweepInterval * this.#nodes),
      () => this.#sweep(),
    );
    this.#repeat(
      'follow',
      () => sweepInterval / 2,
      () => this.#follow(),
    );
    this.#repeat(
      'work',
      () => sweepInterval / 2,
      async () => this.parts.work(),
    );
    this.#repeat(
      'reconcile',
      () => this.#spread(reconcileInterval),
      () => this.parts.reconcile(),
    );
  }

  stop(): void {
    this.#isStopped = true;
    for (const call of this.#calls.values()) if (call.active()) call.cancel();
    this.#calls.clear();
  }

  /** Does something again and again, each time after the last has come to an end. */
  #repeat(name: string, delay: () => number, work: () => Promise<unknown>): void {
    if (this.#isStopped) return;
    const { reactor } = this.parts.settings;
    const again = (): void => this.#repeat(name, delay, work);
    this.#calls.set(
      name,
      // What fails is known to the health already, and is tried again.
      reactor.callLater(delay(), () => void work().then(again, again)),
    );
  }

  /** From half to one and a half times as long. */
  #spread(seconds: number): number {
    const chance = Buffer.from(this.parts.settings.random.token(4), 'base64url').readUInt32BE();
    return seconds * (0.5 + chance / 2 ** 32);
  }

  async #follow(): Promise<void> {
    // A shard that fails is read again the next time, and keeps nobody from what others have told.
    await Promise.allSettled(this.parts.node.shards.map(({ tail }) => tail.read()));
  }

  async #sweep(): Promise<void> {
    const wasKnown = this.#isKnown;
    const sweeps = await Promise.allSettled(
      this.parts.node.shards.map((shard) => this.#sweepShard(shard)),
    );
    const found = sweeps.flatMap((sweep) => (sweep.status === 'fulfilled' ? [sweep.value] : []));
    if (found.length === 0) return;
    this.#nodes = Math.max(1, ...found.map(({ nodes }) => nodes));
    this.#isKnown = true;
    // Forgotten while it was cut off: events may have been trimmed that it has not read.
    if (wasKnown && found.some(({ isKnown }) => !isKnown)) await this.parts.reconcile();
  }

  async #sweepShard({ shard, tail }: TailedShard): Promise<Found> {
    for (let wasKnown = true; ;) {
      const found = await shard.sweep({
        node: this.parts.node.name,
        cursor: tail.cursor,
        batch: BATCH,
        silence: Math.max(10, 4 * this.parts.options.sweepInterval * this.#nodes),
      });
      wasKnown &&= found.isKnown;
      if (found.isAnew) tail.restart();
      await this.#finishRevocations(shard, found);
      const moved = await endDue(shard, found.due);
      if (found.due.length > 0) await tail.read();
      if (found.due.length < BATCH || moved === 0 || this.#isStopped) {
        return { ...found, isKnown: wasKnown };
      }
    }
  }

  async #finishRevocations(shard: RedisShard, { revocations }: Found): Promise<void> {
    for (const [person, marks] of revocations) {
      for (const mark of marks) {
        // One that cannot be finished holds up neither the others nor what is due; the next sweep tries again.
        await this.parts.directory.finishRevocation(shard, person, mark).catch(() => {});
      }
    }
  }
}

/** Ends what is due of what was found. Returns how many will not come up again at once. */
async function endDue(shard: RedisShard, due: readonly Member[]): Promise<number> {
  const answers = await Promise.all(due.map((member) => shard.end(member, '')));
  return answers.filter((answer) => answer.kind !== 'later' || !answer.isStuck).length;
}
