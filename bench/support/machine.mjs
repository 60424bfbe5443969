import { existsSync, readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os';
import { CORES } from './child.mjs';

const FOLDERS = ['../node_modules/', '../../node_modules/'].map((f) => new URL(f, import.meta.url));

const MEASURED = [
  '@nestjs/core',
  '@nestjs/platform-express',
  'express',
  '@nestjs/platform-fastify',
  'fastify',
  'express-session',
  'memorystore',
  '@fastify/session',
  'iron-session',
  'nestjs-cls',
];

/** What it all ran on. */
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
  console.log(
    Object.entries(versions)
      .map((entry) => entry.join(' '))
      .join(', '),
  );
  console.log(
    load > 0.5
      ? `The machine was busy before this run began: a load of ${load.toFixed(1)}. Read ratios, not figures.\n`
      : `The machine was quiet before this run began: a load of ${load.toFixed(1)}.\n`,
  );
}

function versionOf(name) {
  const file = FOLDERS.map((folder) => new URL(`${name}/package.json`, folder)).find(existsSync);
  return file === undefined ? 'not installed' : JSON.parse(readFileSync(file, 'utf8')).version;
}
