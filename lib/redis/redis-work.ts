import { type Awaitable } from '../awaitable.js';
import { messageOf } from '../errors/error-text.js';
import { type DelayedCall } from '../reactor/reactor.js';
import { ExpirationWork, type ExpirationWorker } from '../store/expiration-work.js';
import { type SessionStoreSettings } from '../store/session.store.js';
import { pairsOf, type SessionEvent } from './event-tail.js';
import { endOf } from './local-sessions.js';
import { type RedisHealth } from './redis-health.js';
import { isReply } from './redis-link.js';
import { type RedisNode } from './redis-node.js';
import { runOnce } from './redis-once.js';
import { type ResolvedRedisOptions } from './redis-options.js';
import { type RedisShard } from './redis-shard.js';
import { scriptOf } from './script.js';
import { FORGET_CONSUMERS } from './scripts/forget-consumers.js';
import { TAKE } from './scripts/take.js';

/** How many ends a handler is given at a time. */
const BATCH = 20;
/** The longest pause before another try, in seconds. */
const LONGEST_PAUSE = 30;
/** The most dead letters that are kept of a shard. */
const DEAD_LETTERS = 10_000;

/** For how many times as long as a handler may take a node that does nothing is known. */
const SILENCE = 100;

const FORGET_CONSUMERS_SCRIPT = scriptOf(FORGET_CONSUMERS);
const TAKE_SCRIPT = scriptOf(TAKE);

/** One end that a handler was given. */
interface Task {
  readonly id: string;
  /** How often it was given to a node, this time included. */
  readonly attempt: number;
  readonly event: SessionEvent;
}

/** What the work is done with. */
export interface WorkParts {
  readonly options: ResolvedRedisOptions;
  readonly health: RedisHealth;
  readonly node: () => RedisNode;
  readonly settings: () => SessionStoreSettings;
}

/**
 * `@OnSessionExpire()` on many nodes: the ends are a stream, each handler is a consumer group, and an
 * end that a node has taken is its own until it has acknowledged it, or was silent for too long.
 */
export class RedisWork extends ExpirationWork {
  readonly #workers = new Map<string, ExpirationWorker>();
  readonly #busy = new Set<string>();
  readonly #retries = new Set<DelayedCall>();
  #isStopped = false;

  constructor(private readonly parts: WorkParts) {
    super();
  }

  async handle(name: string, worker: ExpirationWorker): Promise<void> {
    this.#workers.set(name, worker);
    // Before the servers have answered once there is nothing to take.
    if (this.parts.health.state === 'up') await this.#begin(name);
  }

  /** Makes known who is there to handle ends: what has ended before is nobody's work. */
  async begin(): Promise<void> {
    await Promise.all([...this.#workers.keys()].map((name) => this.#begin(name)));
  }

  /** Has each handler do what there is to do in each shard, unless it is at that already. None waits for another. */
  work(): void {
    for (const name of this.#workers.keys()) {
      for (const { shard } of this.parts.node().shards) {
        // What fails is known to the health already, and is tried again.
        this.#workOn(name, shard).catch(() => {});
      }
    }
  }

  stop(): void {
    this.#isStopped = true;
    for (const retry of this.#retries) if (retry.active()) retry.cancel();
  }

  async once(name: string, run: () => Awaitable<unknown>): Promise<boolean> {
    const [place] = this.parts.node().shards;
    if (place === undefined) return false;
    const token = this.parts.settings().random.token(9);
    const lease = this.parts.options.handlerTimeout * 2;
    return runOnce(name, run, { shard: place.shard, token, lease });
  }

  async #begin(name: string): Promise<void> {
    const silence = String(Math.round(this.parts.options.handlerTimeout * SILENCE * 1000));
    await Promise.all(
      this.parts.node().shards.map(async ({ shard: { link, keys } }) => {
        const { events } = keys;
        try {
          await link.send(events, ['XGROUP', 'CREATE', events, name, '$', 'MKSTREAM']);
        } catch (error) {
          if (!isReply(error, /^BUSYGROUP/)) throw error;
          await link.run(FORGET_CONSUMERS_SCRIPT, keys.of(''), [name, silence]);
        }
      }),
    );
  }

  async #workOn(name: string, shard: RedisShard): Promise<void> {
    const place = `${name} ${shard.keys.events}`;
    if (this.#busy.has(place)) return;
    this.#busy.add(place);
    try {
      for (let tasks = await this.#take(name, shard); tasks.length > 0 && !this.#isStopped;) {
        await Promise.all(tasks.map((task) => this.#try(name, shard, task)));
        tasks = await this.#take(name, shard);
      }
    } finally {
      this.#busy.delete(place);
    }
  }

  async #take(name: string, { link, keys }: RedisShard): Promise<readonly Task[]> {
    const patience = String(Math.round(this.parts.options.handlerTimeout * 2000));
    const args = [name, this.parts.node().name, String(BATCH), patience];
    const reply = (await link.run(TAKE_SCRIPT, keys.of(''), args)) as [
      ...[unknown, unknown, readonly unknown[]],
    ][];
    return reply.map(([id, attempt, fields]) => ({
      id: String(id),
      attempt: Number(attempt),
      event: pairsOf(fields),
    }));
  }

  async #try(name: string, shard: RedisShard, task: Task): Promise<void> {
    const worker = this.#workers.get(name);
    if (worker === undefined || task.event.get('kind') !== 'ended') {
      return this.#acknowledge(name, shard, task);
    }
    try {
      const end = endOf(task.event);
      end.record.ended = end.reason;
      await this.#inTime(worker(end));
    } catch (error) {
      return this.#fail(name, shard, task, error);
    }
    await this.#acknowledge(name, shard, task);
  }

  async #inTime(work: Awaitable<unknown>): Promise<void> {
    const { reactor } = this.parts.settings();
    const { handlerTimeout } = this.parts.options;
    let timer: DelayedCall | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = reactor.callLater(handlerTimeout, () =>
        reject(new Error(`It took longer than ${handlerTimeout} s (handlerTimeout).`)),
      );
    });
    try {
      await Promise.race([work, late]);
    } finally {
      if (timer?.active() === true) timer.cancel();
    }
  }

  async #fail(name: string, shard: RedisShard, task: Task, error: unknown): Promise<void> {
    const { handlerAttempts, handlerTimeout } = this.parts.options;
    const eventId = `${task.event.get('id')}:ended`;
    if (task.attempt >= handlerAttempts) return this.#bury(name, shard, task, error);
    // Before others would take it for abandoned, which they do after twice the time-out.
    const pause = Math.min(2 ** (task.attempt - 1), LONGEST_PAUSE, handlerTimeout / 2);
    this.parts.health.warn(
      `${name} has failed with ${eventId}, and is tried again in ${pause} s (${task.attempt} of ${handlerAttempts}): ${messageOf(error)}`,
    );
    if (this.#isStopped) return;
    const retry = this.parts.settings().reactor.callLater(pause, () => {
      this.#retries.delete(retry);
      // Where this cannot be done now, the end is taken up again when its time is over.
      this.#again(name, shard, task).catch(() => {});
    });
    this.#retries.add(retry);
  }

  async #again(name: string, shard: RedisShard, task: Task): Promise<void> {
    const { events } = shard.keys;
    const claim = ['XCLAIM', events, name, this.parts.node().name, '0', task.id];
    const claimed = await shard.link.send(events, claim);
    // Somebody else has done it meanwhile.
    if (!Array.isArray(claimed) || claimed.length === 0) return;
    await this.#try(name, shard, { ...task, attempt: task.attempt + 1 });
  }

  async #bury(name: string, shard: RedisShard, task: Task, error: unknown): Promise<void> {
    const { dead } = shard.keys;
    const letter = ['handler', name, 'error', String(error), ...[...task.event].flat()];
    await shard.link.send(dead, [
      'XADD',
      dead,
      'MAXLEN',
      '~',
      String(DEAD_LETTERS),
      '*',
      ...letter,
    ]);
    await this.#acknowledge(name, shard, task);
    this.parts.health.report(
      `${name} has failed ${task.attempt} times with ${task.event.get('id')}:ended, which is given up; it is in the stream ${dead}: ${messageOf(error)}`,
    );
  }

  async #acknowledge(name: string, { link, keys }: RedisShard, { id }: Task): Promise<void> {
    await link.send(keys.events, ['XACK', keys.events, name, id]);
  }
}
