import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os';
import { CORES } from './child.mjs';
import { versionOf } from './packages.mjs';

const MEASURED = [
  '@nestjs/core',
  '@nestjs/platform-express',
  'express',
  '@nestjs/platform-fastify',
  'fastify',
  'express-session',
  'memorystore',
  '@fastify/session',
  'connect-redis',
  'redis',
  'iron-session',
  'nestjs-cls',
];

/** What it all runs on. */
export function machine() {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    gigabytes: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${arch()}`,
    node: process.version,
    pinned: CORES !== undefined,
    load: loadavg()[0],
    versions: Object.fromEntries(MEASURED.map((name) => [name, versionOf(name)])),
  };
}

export function printMachine({ cpu, cores, gigabytes, system, node, pinned, load, versions }) {
  console.log(`${cpu}, ${cores} cores, ${gigabytes} GB, ${system}, Node ${node}`);
  console.log(
    pinned
      ? 'Servers run on one core and their load comes from another.'
      : 'Nothing is pinned to a core (no taskset, or one core), so the figures are noisier.',
  );
  console.log(MEASURED.map((name) => `${name} ${versions[name] ?? 'not installed'}`).join(', '));
  console.log(
    load > 0.5
      ? `The machine was busy before this run began: a load of ${load.toFixed(1)}. Read ratios, not figures.`
      : `The machine was quiet before this run began: a load of ${load.toFixed(1)}.`,
  );
}
