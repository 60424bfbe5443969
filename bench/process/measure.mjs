import 'reflect-metadata';
import { summary } from '../support/statistics.mjs';

/**
 * Measures one library with so many live sessions, and sends nanoseconds an operation and heap bytes a
 * session. Everything runs once with few sessions first, so that none of it is cold.
 */
const [subject, count] = process.argv.slice(2);
const { create } = await import(`./subjects/${subject}.mjs`);

/** How many sessions get components, and how many uids are copied at a time. */
const PORTION = 100_000;

/** With few sessions one life of theirs is too short to be measured once. */
const LIVES = Math.max(1, Math.min(20, Math.floor(20_000 / Number(count))));

await measure(await create(), 2000, 10);
process.send(await measure(await create(), Number(count), LIVES));

async function measure(library, sessions, lives) {
  const all = [];
  for (let i = 0; i < lives; i++) all.push(await live(library, sessions));
  await library.close();
  const nanoseconds = Object.keys(all[0].nanoseconds).map((name) => [
    name,
    summary(all.map((one) => one.nanoseconds[name])).median,
  ]);
  return { bytes: all[0].bytes, nanoseconds: Object.fromEntries(nanoseconds) };
}

/** Lets so many sessions be made, weighed, work and end. */
async function live(library, sessions) {
  const nanoseconds = {};
  const time = async (name, items, work) => {
    const start = spent();
    await work(items);
    nanoseconds[name] = (spent() - start) / items.length;
  };

  const made = Array.from({ length: sessions });
  const empty = usedHeap();
  await time('make', made, library.make);
  const bytes = (usedHeap() - empty) / sessions;
  if ((await library.count()) !== sessions) throw new Error('Not all sessions were kept.');

  // In the order in which they were made, the caches would do better than they do for visitors.
  const random = shuffled(made);
  await findAll('find by uid and touch', random);
  if (library.touch !== undefined) await time('touch in hand', random, library.touch);

  const some = made.slice(0, PORTION);
  for (const [kind, component] of Object.entries(library.components ?? {})) {
    await time(`component ${kind}, first`, some, component);
    await time(`component ${kind}, cached`, some, component);
  }

  library.notify?.(made);
  await time('end', made, library.end);
  if ((await library.count()) !== 0) throw new Error('Not all sessions have ended.');
  return { bytes, nanoseconds };

  /** Uids come from the network: as strings that no table has seen, whose hash is not known yet. */
  async function findAll(name, handles) {
    let taken = 0;
    for (let from = 0; from < handles.length; from += PORTION) {
      const uids = handles
        .slice(from, from + PORTION)
        .map((handle) => fresh(library.uidOf(handle)));
      const start = spent();
      await library.find(uids);
      taken += spent() - start;
    }
    nanoseconds[name] = taken / handles.length;
  }
}

/** Nanoseconds of CPU time, garbage collection included: what neighbours take does not count. */
function spent() {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

function usedHeap() {
  globalThis.gc();
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
