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

const ROUNDS = Math.max(1, Math.min(30, Math.floor((3 * PORTION) / Number(count))));
const PASSES = 3;

await measure(await create(), 2000, 30);
process.send(await measure(await create(), Number(count), ROUNDS));

async function measure(library, sessions, rounds) {
  const times = new Map();
  const note = (name, ns) => times.set(name, [...(times.get(name) ?? []), ns]);
  const bytes = await weigh(library, sessions);
  for (let round = 0; round < rounds; round++) await live(library, sessions, note);
  await library.close();
  const nanoseconds = [...times].map(([name, values]) => [name, summary(values).median]);
  return { bytes, nanoseconds: Object.fromEntries(nanoseconds) };
}

/** Heap bytes a session. */
async function weigh(library, sessions) {
  const made = Array.from({ length: sessions });
  const empty = usedHeap();
  await library.make(made);
  const bytes = (usedHeap() - empty) / sessions;
  if ((await library.count()) !== sessions) throw new Error('Not all sessions were kept.');
  await library.end(made);
  return bytes;
}

/** Lets so many sessions live, work and end. */
async function live(library, sessions, note) {
  const time = async (name, items, work) => {
    const start = spent();
    await work(items);
    note(name, (spent() - start) / items.length);
  };

  const made = Array.from({ length: sessions });
  await time('make', made, library.make);

  const inOrder = made;
  const random = shuffled(made);
  for (let pass = 0; pass < PASSES; pass++) {
    await findAll('find by uid and touch, in order', inOrder);
    await findAll('find by uid and touch, random', random);
    if (library.touch === undefined) continue;
    await time('touch in hand, in order', inOrder, library.touch);
    await time('touch in hand, random', random, library.touch);
  }

  const some = made.slice(0, PORTION);
  for (const [kind, component] of Object.entries(library.components ?? {})) {
    await time(`component ${kind}, first`, some, component);
    await time(`component ${kind}, cached`, some, component);
  }

  library.notify?.(made);
  await time(library.notify ? 'end, with one callback' : 'end', made, library.end);
  if ((await library.count()) !== 0) throw new Error('Not all sessions have ended.');

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
    note(name, taken / handles.length);
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
