/** Does the same work again and again, and sends how long it took each time, in milliseconds. */
const TIMES = 60;

work();
const times = [];
for (let i = 0; i < TIMES; i++) {
  const start = performance.now();
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  times.push({ clock: performance.now() - start, cpu: (user + system) / 1000 });
}
process.send(times);

/** Misses the caches, as a server does: they are shared with whatever else runs. */
function work() {
  const map = new Map();
  for (let i = 0; i < 30_000; i++) map.set(`key ${(i * 7919) % 30_011}`, i);
  let sum = 0;
  for (const [key, value] of map) sum += key.length + value;
  return sum;
}
