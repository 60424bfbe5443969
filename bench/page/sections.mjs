import { describeBare } from '../http/conclude.mjs';
import { FRAMEWORKS } from './charts.mjs';
import { expiryTable, httpTables, processTables, storesTable } from './tables.mjs';
import { targetsTable } from './targets.mjs';

/** What the project asked of itself, whether that was met, and what the floors are made of. */
export function targetsSection(report) {
  const table = targetsTable(report);
  if (table === '') return '';
  return `## Targets and floors

What this project asks of itself, and whether the medians meet it; how far they lie apart is in the tables below. A floor
is what the machine and the framework charge for what no session can do without, whoever writes it. It is no library: it keeps the fewest rules and has no options.
Where a target is not met, its floor tells whether anybody could meet it here. The last figure is how many times what the
floor takes ours does: of a whole request over HTTP, of the operation otherwise. Beside a peer, the floor's figure follows from
that.

${table}
${FLOORS.map((floor) => `- ${floor}`).join('\n')}
`;
}

/** What each floor is made of, and why a session cannot do with less. */
const FLOORS = [
  "**look-up**, over HTTP: a parameter decorator of Nest's finds one cookie in the header, takes a record out of a `Map` by it, reads the clock and stores that. Otherwise a session would not be found, or not be seen to be used.",
  "**floor**, over HTTP in memory: a look-up whose record hears of the response's first byte and of its end, as whatever may set a cookie or save a change has to.",
  '**context**, by constructor: each request enters an `AsyncLocalStorage`. Otherwise a singleton could not tell whose request runs. The **floor** is the one above, found in that context.',
  '**floor**, in Redis: a cookie is found and one `GETEX` awaited, and a script after it where state is written, which saves it unless somebody else has meanwhile: otherwise the last one to write would win. On one connection of node-redis. So each request pays for its own round trips; whoever sends those of many requests as one command can do with less.',
  '**floor** in the process, `touch`: the clock, which has a row of its own, two time-outs to compare it with, and a number to store, one step behind the session. In random order that is the wait for memory.',
  '… `make`: 32 random bytes as base64url, a UUIDv7, two objects with the times of a session, a place in a `Map` and one in a list. `find`: a `Map` is asked for a string whose hash it does not know, and the session for its time-outs. `end`: the places are given up, and one callback is told of an event, which is kept for whoever asks late. With a promise each, since sessions may be in a store elsewhere.',
  '… components: a `Map` by class for each session; the first time with `new`. Of one with a state the text is written, to be seen later whether that was changed, and each time that it was asked for is noted.',
  '**floor**, very many that end at once: the same `end`, 5 ms at a time.',
];

/*
 * One section for each part of a report, with its picture, which `show` gives, and its figures; nothing
 * for a part that was not measured.
 */

export function httpSection(part, show) {
  if (!part?.rows.length) return '';
  const sections = Object.entries(FRAMEWORKS).map(([framework, name]) => {
    const own = part.rows.filter((row) => row.framework === framework);
    if (own.length === 0) return '';
    return `### ${name}\n\n${show(`http-${framework}`)}\n\nOn ${name}, ${describeBare(own)}.\n\n${httpTables(part.rows, framework)}`;
  });
  return `## Requests, with sessions in memory

A Nest handler that answers with a small JSON object; 50 connections, each with a session of its own. “CPU time” is what the
server process spent a request, “CPU µs more” is the difference in microseconds.

${sections.join('\n')}`;
}

export function storesSection(part, show) {
  if (!part?.rows.length) return '';
  const sections = Object.entries(FRAMEWORKS).map(([framework, name]) => {
    const own = part.rows.filter((row) => row.framework === framework);
    if (own.length === 0) return '';
    return `On ${name}, ${describeBare(own)}.\n\n${storesTable(part.rows, framework)}`;
  });
  return `## Requests, with sessions in Redis

A Redis ${part.redis} on the same machine, which writes nothing to disk. Its commands were counted by itself, those that scripts call
included; its CPU time is not in that of the server.

${show('redis')}

${sections.join('\n')}`;
}

export function processSection(part, show) {
  if (!part?.rows.length) return '';
  const [twisted] = part.rows.filter(({ name }) => name === 'Twisted');
  return `## In the process, without HTTP

Nanoseconds of CPU time an operation, garbage collection included; after × how many times ours that is. Sessions are found in random order. Each turn was a
fresh process. Bytes are of the heap${twisted ? `, for Twisted ${twisted.turns[0].version} of the whole process` : ''}.

${show('process')}

${processTables(part.rows)}`;
}

export function expirySection(part, show) {
  if (!part?.rows.length) return '';
  return `## Very many sessions that end at once

How long until all have ended, and the longest time that the event loop stood still meanwhile.

${show('expiry')}

${expiryTable(part.rows)}`;
}
