import { textOf } from '../../lib/testing/store-suite/tested-node.js';
import { type Action, attempt, expected, riskOf } from './store-attempt.js';
import { RULES } from './store.model.js';

const principalOf = (much: number): string => (much % 4 < 3 ? 'ada' : 'bob');

/** The steps that change sessions, and what has to come of them. */
export const WRITES = {
  async make(world, player, _, step) {
    const { sessionTimeout, absoluteTimeout } = RULES;
    const record = player.node.newRecord({ sessionTimeout, absoluteTimeout });
    const { isDone } = await attempt(world, player, step, () => player.node.store.create(record));
    if (!isDone) return;
    world.model.make(record.id, record.key);
    if (step.fault === undefined) player.views.set(record.id, record);
  },

  async write(world, player, session, step) {
    const view = await world.view(player, session);
    if (view === undefined) return;
    const part = `part-${step.much % 2}@1`;
    const text = step.much % 5 === 0 ? undefined : world.newText();
    const isStale = step.much % 7 === 0;
    const isFresh = !isStale && textOf(view, part) === session.parts.get(part);
    const revision = (view.components?.get(part)?.revision ?? 0) + (isStale ? 1000 : 0);
    const touchedAt = world.at(world.model.now);
    const { isDone, answer } = await attempt(world, player, riskOf(step, view, session), () =>
      player.node.commit(view, {
        components: [{ key: part, text, revision }],
        ...(step.much % 3 === 0 && { lastModified: touchedAt }),
      }),
    );
    const kind = isFresh || session.over !== undefined ? expected(session) : 'conflict';
    if (answer !== undefined) expect(answer.kind).toBe(kind);
    if (!isDone || kind !== 'saved') return;
    world.model.write(session, part, text);
    if (step.much % 3 === 0) world.model.touch(session);
  },

  async retime(world, player, session, step) {
    const view = await world.view(player, session);
    if (view === undefined) return;
    const sessionTimeout = 1 + 2 * step.much;
    const isTouched = step.much % 2 === 0;
    const { isDone, answer } = await attempt(world, player, riskOf(step, view, session), () =>
      player.node.commit(view, {
        sessionTimeout,
        ...(isTouched && { lastModified: world.at(world.model.now) }),
      }),
    );
    if (answer !== undefined) expect(answer.kind).toBe(expected(session));
    if (!isDone || session.over !== undefined) return;
    if (isTouched) world.model.touch(session);
    session.idle = sessionTimeout;
    world.model.travel(0);
  },

  async rotate(world, player, session, step) {
    const view = await world.view(player, session);
    if (view === undefined) return;
    const isBehind = view.key !== session.key;
    const rotatedTo = player.node.newKey();
    const { answer } = await attempt(world, player, step, () =>
      player.node.commit(view, { rotatedTo }),
    );
    const isDone = (await world.auditor.live(rotatedTo)) !== undefined;
    if (isDone) session.keys.push(rotatedTo);
    // Who has not heard of another rotation may be told so, and tries again.
    if (answer === undefined || (isBehind && answer.kind === 'conflict')) return;
    expect([answer.kind, isDone]).toEqual([expected(session), session.over === undefined]);
  },

  async login(world, player, session, step) {
    const view = await world.view(player, session);
    if (view === undefined) return;
    const isBehind = view.key !== session.key;
    const [rotatedTo, at] = [player.node.newKey(), world.at(world.model.now)];
    const principal = principalOf(step.much);
    const { answer } = await attempt(world, player, step, () =>
      player.node.commit(view, {
        rotatedTo,
        login: { principal, level: undefined, at },
        ...(step.much % 2 === 0 && { lastModified: at }),
      }),
    );
    const isDone = (await world.auditor.live(rotatedTo)) !== undefined;
    if (isDone) {
      session.keys.push(rotatedTo);
      if (step.much % 2 === 0) world.model.touch(session);
      world.model.login(session, principal);
    }
    if (answer === undefined || (isBehind && answer.kind === 'conflict')) return;
    expect([answer.kind, isDone]).toEqual([expected(session), session.over === undefined]);
  },

  async end(world, player, session, step) {
    const view = await world.view(player, session);
    if (view === undefined) return;
    const { isDone } = await attempt(world, player, riskOf(step, view, session), () =>
      player.node.end(view, 'logout'),
    );
    if (isDone) session.over ??= 'logout';
  },

  async endAll(world, player, session, step) {
    const principal = principalOf(step.much);
    const spared = step.much % 2 === 0 ? await world.view(player, session) : undefined;
    const { isDone } = await attempt(world, player, step, () =>
      player.node.store.directory.endAll(principal, 'revoked', spared),
    );
    if (!isDone) return;
    world.model.endAll(principal, 'revoked', spared && session);
    // Until all have ended, a login is one only if it comes after the call by the clock.
    if (step.fault !== undefined) await world.travel(0.25);
  },
} satisfies Record<string, Action>;
