import 'reflect-metadata';

/**
 * Lets very many sessions be due at once, and sends how long it took and how long nothing else ran: by
 * the clock, and in CPU time, which does not count what the machine did for others meanwhile.
 */
const [subject, count] = process.argv.slice(2);
const { create } = await import(`./${subject}.mjs`);
const endAll = await create(Number(count));
globalThis.gc();

const longest = { clock: 0, cpu: 0 };
let last = now();
const ticker = setInterval(() => {
  const tick = now();
  longest.clock = Math.max(longest.clock, tick.clock - last.clock);
  longest.cpu = Math.max(longest.cpu, tick.cpu - last.cpu);
  last = tick;
}, 1);

const { clock, cpu } = await endAll(now);
// A few more turns of the loop, so that the last pause is seen.
await new Promise((resolve) => setTimeout(resolve, 20));
clearInterval(ticker);
process.send({ total: { clock, cpu }, longest });

/** Milliseconds. */
function now() {
  const { user, system } = process.cpuUsage();
  return { clock: performance.now(), cpu: (user + system) / 1000 };
}
