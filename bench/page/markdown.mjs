import { itselfOn } from '../http/conclude.mjs';
import { showSummary } from '../support/statistics.mjs';
import { chartsOf, FRAMEWORKS } from './charts.mjs';
import { inShort, whereOthersAreBetter } from './findings.mjs';
import {
  expirySection,
  httpSection,
  processSection,
  storesSection,
  targetsSection,
} from './sections.mjs';

/** How many parts a whole run has. */
const PARTS = 4;

/** The page, of nothing but a report. */
export function pageOf(report) {
  const { parts, date, isQuick, minutes } = report;
  const charts = chartsOf(report);
  const show = (name) => (charts[name] ? picture(name, charts[name]) : '');
  const others = whereOthersAreBetter(report);
  return `# What it costs

<!-- Written by \`npm run bench:page\` from bench/results.json: change bench/page/, not this file. -->

Measured on ${date.slice(0, 10)} in ${minutes.toFixed(0)} minutes, by \`${commandOf(report)}\`. The two
sides of a comparison took turns, A B A B …; a figure is the median of the ratios of neighbouring turns, with the
smallest and the largest in brackets. Where they lie further apart than the median is from 1, or where the median is no
further from 1 than the bare framework was from itself, nothing is concluded: “none”, or a “?”.
Absolute times say more about the machine than about a library: read ratios.
${isQuick ? '\n**This was a quick run: few turns, much noise. It shows that everything works, and little else.**\n' : ''}
## In short

Of the bare framework's requests/s, where a handler reads state of a session in memory or in Redis:

${inShort(report)}

## Where others are better

${list(others, 'In none of these comparisons, as far as something could be concluded; which says something about the choice of comparisons, too.')}

What that does not show: iron-session and other sessions in cookies need no store at all, and nothing of theirs has to be
found on a server. Ending a session is little work where nobody is told: \`end\` is measured with one callback for ours and for
Twisted, and with none for express-session's stores, which cannot tell. MemoryStore ends overdue sessions only when they
are asked for, so it was asked for all.

${targetsSection(report)}
${httpSection(parts.http, show)}
${storesSection(parts.stores, show)}
${processSection(parts.process, show)}
${expirySection(parts.expiry, show)}
## On which machine, and how noisy it was

${machine(report)}

## What was not measured

More than 50 live sessions behind HTTP, more than one server process, latency (the load is closed: 50 connections, each
of which asks again as soon as it is answered), bodies and streams, WebSockets, HTTPS, a Redis on another machine or a Cluster,
and Node but for the one named here. A peer was set up as its README advises, not tuned.

${leftOut(parts)}

## Run it yourself

\`\`\`sh
npm run bench                             # all of it
npm run bench -- --quick                  # two minutes
npm run bench -- --json bench/results.json && npm run bench:page   # and this page
\`\`\`

[bench/README.md](../bench/README.md) tells how it is measured; \`bench/results.json\` has every turn behind this page.
`;
}

function machine({ machine: on, noise, parts }) {
  const versions = Object.entries(on.versions).map((entry) => entry.join(' '));
  const bare = (parts.http?.rows ?? []).map(({ framework }) => framework);
  const itself = [...new Set(bare)].flatMap((framework) => {
    const row = itselfOn(parts.http.rows.filter((other) => other.framework === framework));
    if (row === undefined) return [];
    return [
      `Bare ${FRAMEWORKS[framework]} against itself: requests/s ${showSummary(row.perSecond)}, by CPU time ${showSummary(row.perCpu)}.`,
    ];
  });
  const work = ({ clock, cpu }) =>
    `${clock.median.toFixed(2)} times its shortest time by the clock (at worst ${clock.max.toFixed(2)}), ${cpu.median.toFixed(2)} in CPU time (at worst ${cpu.max.toFixed(2)})`;
  return list([
    `${on.cpu}, ${on.cores} cores, ${on.gigabytes} GB, ${on.system}, Node ${on.node}.`,
    on.pinned
      ? 'Servers ran on one core, their load came from another.'
      : 'Nothing was pinned to a core.',
    `${versions.join(', ')}.`,
    `The load of the machine was ${on.load.toFixed(1)} before the run. The same small work, again and again, took in the median ${work(noise.before)} before the run, and ${work(noise.after)} after it.`,
    ...itself,
  ]);
}

function leftOut(parts) {
  const reasons = new Map();
  for (const [part, { leftOut: items }] of Object.entries(parts)) {
    for (const { framework, what, why } of items) {
      const name = [part, FRAMEWORKS[framework], what].filter(Boolean).join(', ');
      reasons.set(why, [...(reasons.get(why) ?? []), name]);
    }
  }
  const items = [...reasons].map(([why, names]) => `${why}: ${names.join('; ')}.`);
  return items.length === 0 ? '' : `Left out of this run:\n\n${list(items)}`;
}

function picture(name, { title, subtitle }) {
  return `<picture>
  <source media="(prefers-color-scheme: dark)" srcset="benchmarks/${name}-dark.svg">
  <img alt="${title}. ${subtitle}. The figures are in the table below." src="benchmarks/${name}-light.svg">
</picture>`;
}

function list(items, otherwise = '') {
  return items.length === 0 ? otherwise : items.map((item) => `- ${item}`).join('\n');
}

/** What the run was begun with, as far as it was not all there is. */
function commandOf({ isQuick, parts }) {
  const names = Object.keys(parts);
  const flags = [
    ...(isQuick ? ['--quick'] : []),
    ...(names.length < PARTS ? names.map((name) => `--part ${name}`) : []),
  ];
  return ['npm run bench', ...(flags.length > 0 ? ['--', ...flags] : [])].join(' ');
}
