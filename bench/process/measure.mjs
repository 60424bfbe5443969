import 'reflect-metadata';
import { summary } from '../support/statistics.mjs';

/**
 * Measures one library with so many live sessions, and sends nanoseconds an operation and heap bytes a
 * session.
 */
const [subject, count] = process.argv.slice(2);
const { create } = await import(`./subjects/${subject}.mjs`);

/** How many sessions get components, and how many uids are copied at a time. */
const PORTION = 100_000;

/** How many sessions are in use at once: so few that the caches hold all that is theirs. */
const IN_USE = 50;

/** With few sessions one life of theirs is too short to be measured once. */
const LIVES = Math.max(1, Math.min(20, Math.floor(20_000 / Number(count))));

// Everything runs with few sessions first, so that none of it is cold.
const library = await create();
await live(library, 2000, 10);
const nanoseconds = await live(library, Number(count), LIVES);
await library.close();
// Weighed last: garbage that is collected on demand takes with it what was compiled.
const bytes = await weigh(await create(), Number(count));
process.send({ bytes, nanoseconds });

/** What each operation takes in the median of some lives. */
async function live(library, sessions, lives) {
  const all = [];
  for (let i = 0; i < lives; i++) all.push(await liveOnce(library, sessions));
  const medians = Object.keys(all[0]).map((name) => [
    name,
    summary(all.map((one) => one[name])).median,
  ]);
  return Object.fromEntries(medians);
}

/** Lets so many sessions be made, work and end. */
async function liveOnce(library, sessions) {
  const taken = {};
  const time = async (name, items, work) => {
    const start = spent();
    await work(items);
    taken[name] = (spent() - start) / items.length;
  };

  const made = Array.from({ length: sessions });
  await time('make', made, library.make);
  if ((await library.count()) !== sessions) throw new Error('Not all sessions were kept.');

  // In the order in which they were made, the caches do better than they do for visitors.
  const random = shuffled(made);
  taken['find by uid and touch'] = await timeToFind(library, random);
  if (library.touch !== undefined) {
    await time('touch in order', made, library.touch);
    await time('touch in random order', random, library.touch);
  }
  if (library.clock !== undefined) await time('the clock alone', made, library.clock);

  const some = made.slice(0, PORTION);
  const inUse = Array.from({ length: PORTION }, (_, index) => some[index % IN_USE]);
  for (const [kind, component] of Object.entries(library.components ?? {})) {
    await time(`component ${kind}, first`, some, component);
    await time(`component ${kind}, again, of one after the other`, some, component);
    await time(`component ${kind}, again, of ${IN_USE} in use`, inUse, component);
  }

  library.notify?.(made);
  await time('end', made, library.end);
  if ((await library.count()) !== 0) throw new Error('Not all sessions have ended.');
  return taken;
}

/** Uids come from the network: as strings that no table has seen, whose hash is not known yet. */
async function timeToFind(library, handles) {
  let taken = 0;
  for (let from = 0; from < handles.length; from += PORTION) {
    const uids = handles.slice(from, from + PORTION).map((handle) => fresh(library.uidOf(handle)));
    const start = spent();
    await library.find(uids);
    taken += spent() - start;
  }
  return taken / handles.length;
}

/** Bytes of heap a session, of so many. */
async function weigh(library, sessions) {
  const made = Array.from({ length: sessions });
  const empty = usedHeap();
  await library.make(made);
  const bytes = (usedHeap() - empty) / sessions;
  await library.close();
  return bytes;
}

/** Nanoseconds of CPU time, garbage collection included: what neighbours take does not count. */
function spent() {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

/** What was held by weak references only, such as code, is not gone after a first collection. */
function usedHeap() {
  for (let i = 0; i < 3; i++) globalThis.gc();
  return process.memoryUsage().heapUsed;
}

function fresh(text) {
  return Buffer.from(text, 'latin1').latin1Slice();
}

function shuffled(items) {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}
