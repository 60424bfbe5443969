import { type SessionRecord } from 'nestjs-live-session';
import { type ModelSession } from './store.model.js';
import { type Player, type StoreWorld } from './store-world.js';

/** Compares every living session with the model, as a node sees it that takes no part. */
export async function audit(world: StoreWorld): Promise<void> {
  await Promise.all(world.model.alive.map((session) => auditOne(world, session)));
}

/** Lets all that is due happen, and compares everything that can be seen with the model. */
export async function settle(world: StoreWorld): Promise<void> {
  await world.sweep();
  const { auditor, model, players } = world;
  const alive = model.alive.map(({ id }) => id);
  expect([await auditor.count(), await auditor.list()]).toEqual([alive.length, alive]);
  for (const principal of ['ada', 'bob']) {
    const ids = model.of(principal).map(({ id }) => id);
    expect(await auditor.list({ principal })).toEqual(ids.sort());
  }
  const dead = model.sessions.filter(({ over }) => over !== undefined);
  for (const { key } of dead) expect(await auditor.live(key)).toBeUndefined();
  for (const player of players) compareEnds(world, player);
  const [one = [], other = []] = players.map(({ node }) => node.ends.map(({ eventId }) => eventId));
  // Who came later was told of the last of them.
  expect(other.filter((id) => one.includes(id))).toEqual(one.filter((id) => other.includes(id)));
}

async function auditOne(world: StoreWorld, session: ModelSession): Promise<void> {
  const { store } = world.auditor;
  const [found, byId, ...retired] = await Promise.all([
    store.open(session.key, false),
    store.directory.find(session.id),
    ...session.keys.slice(0, -1).map((key) => store.open(key, true)),
  ]);
  if (typeof found !== 'object') throw new Error(`${session.id} is alive, and was not found.`);
  expect(shown(world, found)).toEqual(promised(session));
  expect(byId).toBe(found);
  for (const answer of retired) expect(typeof answer).not.toBe('object');
}

/** Each end was told once, with its reason, to each node that was there. */
function compareEnds({ model }: StoreWorld, { node, early, views }: Player): void {
  const dead = new Map(
    model.sessions.flatMap(({ id, over }) => (over === undefined ? [] : [[id, over]])),
  );
  const told = node.ends.map(({ record, reason }) => [record.id, reason] as const);
  const ids = told.map(([id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const due = [...dead].filter(([id]) => ids.includes(id) || !early.has(id));
  expect(new Map(told)).toEqual(new Map(due));
  for (const [id, view] of views) expect(view.ended).toBe(dead.get(id));
}

const shown = (world: StoreWorld, record: SessionRecord) => ({
  id: record.id,
  key: record.key,
  principal: record.principal,
  sessionTimeout: record.sessionTimeout,
  ended: record.ended,
  loggedInAt: world.since(record.loggedInAt),
  createdAt: world.since(record.createdAt),
  lastModified: world.since(record.lastModified),
  parts: new Map([...(record.components ?? [])].map(([name, { text }]) => [name, text])),
});

const promised = (session: ModelSession) => ({
  id: session.id,
  key: session.key,
  principal: session.principal,
  sessionTimeout: session.idle,
  ended: undefined,
  loggedInAt: session.loggedInAt,
  createdAt: session.createdAt,
  lastModified: session.touchedAt,
  parts: session.parts,
});
