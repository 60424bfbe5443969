/**
 * Three nodes play with the sessions of one server, in real time, while nodes and the server are killed,
 * suspended and cut off from each other. A ledger of all that was acknowledged is held against what came
 * of it. `--seconds 60` says how long; `--seed 1` repeats the choices, though not the time that they take.
 */
import { parseArgs } from 'node:util';
import { Node, pause, Server } from './fleet.mjs';
import { Ledger } from './ledger.mjs';

const IDLE = 3;
const PLAYERS = 12;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
  },
});
let state = Number(values.seed) + 1;

/** mulberry32: a number from 0 to 1. */
function chance() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}

const oneOf = (items) => items[Math.floor(chance() * items.length)];

const ledger = new Ledger(IDLE);
const server = new Server();
await server.start();
const nodes = Array.from({ length: 3 }, () => new Node(ledger, IDLE));
await Promise.all(nodes.map((node) => node.start(server.port)));
const until = Date.now() + Number(values.seconds) * 1000;

const faults = {
  async 'node killed'() {
    const node = oneOf(nodes);
    await node.kill();
    await node.start(server.port);
  },
  async 'server killed'() {
    await server.kill();
    await pause(chance() * 500);
    await server.start();
  },
  async 'server suspended'() {
    server.process.kill('SIGSTOP');
    await pause(200 + chance() * 1500);
    server.process.kill('SIGCONT');
  },
  async 'connections cut'() {
    for (const node of nodes) if (chance() < 0.6) node.proxy.cut();
  },
  async 'answers delayed'() {
    const { proxy } = oneOf(nodes);
    proxy.delay = 50 + chance() * 600;
    await pause(1000);
    proxy.delay = 0;
  },
  async 'answers lost'() {
    const { proxy } = oneOf(nodes);
    proxy.isLosing = true;
    await pause(300 + chance() * 1000);
    proxy.isLosing = false;
  },
};
const counts = new Map();

async function disturb() {
  while (Date.now() < until) {
    const [name, fault] = oneOf(Object.entries(faults));
    counts.set(name, (counts.get(name) ?? 0) + 1);
    await fault();
    await pause(200 + chance() * 800);
  }
}

/** Makes sessions and uses them, its own and those of others, on any node. */
async function play() {
  while (Date.now() < until) {
    const begun = Date.now();
    const living = [...ledger.sessions.values()].filter(({ told }) => told.size === 0).slice(-40);
    const session = living.length < 20 || chance() < 0.05 ? undefined : oneOf(living);
    if (session === undefined) {
      const { answer } = await oneOf(nodes).ask('make');
      if (answer === undefined) ledger.unknown += 1;
      else ledger.made(answer, begun);
      continue;
    }
    const dice = chance();
    const operation = dice < 0.6 ? 'count' : dice < 0.85 ? 'touch' : dice < 0.92 ? 'rotate' : 'end';
    const { uid } = session;
    ledger.begin(session, operation);
    const { answer, problem } = await oneOf(nodes).ask(operation, uid);
    if (problem === undefined) ledger.answered(session, operation, uid, begun, answer);
    else ledger.failed(session, problem);
    await pause(chance() * 20);
  }
}

await Promise.all([disturb(), ...Array.from({ length: PLAYERS }, play)]);

// Everything is idle from here on; whoever is there has to hear of it.
const lives = nodes.map((node) => node.lives.at(-1));
const patience = Date.now() + (IDLE + 20) * 1000;
while (ledger.missing(lives).length > 0 && Date.now() < patience) await pause(100);

const missing = ledger.missing(lives);
const problems = [
  ...ledger.violations,
  ...missing.map((what) => `no event: ${what}`),
  ...ledger.denied().map(({ id }) => `early absence: ${id}`),
];
await Promise.all(nodes.map((node) => node.stop()));
await server.stop();

console.log(`seed ${values.seed}: ${[...counts].map(([name, n]) => `${n} × ${name}`).join(', ')}`);
console.log(
  `${ledger.sessions.size} sessions, ${ledger.acknowledged} operations acknowledged, ${ledger.unknown} of unknown outcome, ${ledger.events} events told`,
);
const total = (pattern) => problems.filter((problem) => pattern.test(problem)).length;
console.log(
  [
    `${total(/^early/)} early ends`,
    `${total(/^second event/)} second events`,
    `${missing.length} missing events`,
    `${total(/^revived/)} revived sessions`,
    `${total(/^lost/)} lost writes`,
    `${problems.length} violations in all`,
  ].join(', '),
);
for (const problem of problems.slice(0, 20)) console.log(`  ${problem}`);
const [first = ''] = problems;
const suspect = ledger.sessions.get(first.split(': ').at(-1));
if (suspect !== undefined) console.log({ ...suspect, history: suspect.history.slice(-20) });
process.exit(problems.length === 0 ? 0 : 1);
