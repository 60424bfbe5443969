import { type Action, attempt, type Move } from './store-attempt.js';
import { audit, settle } from './store-audit.js';
import { RULES } from './store.model.js';
import { type StoreWorld } from './store-world.js';
import { WRITES } from './store-writes.js';

/** One step of a game, and what is done in it. */
export interface Step extends Move {
  readonly kind: Kind;
}

const ACTIONS = {
  ...WRITES,

  async open(world, player, session, step) {
    const key = session.keys[step.much % session.keys.length] ?? '';
    const touch = step.much % 2 === 0;
    const { node } = player;
    const { isDone, answer } = await attempt(world, player, step, () =>
      node.store.open(key, touch),
    );
    const isLive = session.over === undefined && key === session.key;
    if (isDone && isLive && touch) world.model.touch(session);
    if (step.fault !== undefined) return;
    if (!isLive) return expect(typeof answer).not.toBe('object');
    if (typeof answer !== 'object') throw new Error(`${session.id} was not found.`);
    const held = player.views.get(session.id);
    if (held !== undefined) expect(answer).toBe(held);
    player.views.set(session.id, answer);
    expect([...(answer.components ?? [])].map(([name]) => name).sort()).toEqual(
      [...session.parts.keys()].sort(),
    );
  },

  async list(world, player) {
    expect(await player.node.list()).toEqual(world.model.alive.map(({ id }) => id));
  },

  async find(world, player, session) {
    const found = await player.node.store.directory.find(session.id);
    expect(found?.id).toBe(session.over === undefined ? session.id : undefined);
  },

  async forget(_, player, session) {
    player.views.delete(session.id);
  },

  async travel(world, _, __, { much }) {
    await world.travel(much / 4);
  },

  /** To a moment before, at or after the end of a session, while the timers of all nodes are late. */
  async lag(world, _, session, { much }) {
    const until = session.deadline + ((much % 3) - 1) / 4;
    await world.travel(Math.max(0, until - world.model.now));
  },

  async settle(world) {
    await settle(world);
  },

  /** The node is no more, in the middle of whatever it did; another one comes. */
  async crash(world, player) {
    player.isCrashed = true;
    player.node.ends.length = 0;
    world.players[world.players.indexOf(player)] = await world.join();
  },
} satisfies Record<string, Action>;

export type Kind = keyof typeof ACTIONS;

export const KINDS = Object.keys(ACTIONS) as Kind[];

/** Takes a step, and looks whether all is as it should be. */
export async function take(world: StoreWorld, step: Step): Promise<void> {
  const { players, model } = world;
  const player = players[step.by % players.length];
  const session = model.sessions[step.on % model.sessions.length];
  if (player === undefined || session === undefined) return;
  await ACTIONS[step.kind](world, player, session, step);
  await audit(world);
}

/** Long after, every session has ended, and every node knows. */
export async function finish(world: StoreWorld): Promise<void> {
  await settle(world);
  await world.travel(10 * RULES.absoluteTimeout);
  await settle(world);
  expect(world.model.alive).toEqual([]);
  await world.close();
}
