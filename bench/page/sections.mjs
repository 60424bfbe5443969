import { describeBare } from '../http/conclude.mjs';
import { FRAMEWORKS } from './charts.mjs';
import { expiryTable, httpTables, processTables, storesTable } from './tables.mjs';

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
