import { existsSync, readFileSync } from 'node:fs';

const FOLDERS = ['../node_modules/', '../../node_modules/'].map((f) => new URL(f, import.meta.url));

/** The installed version of a package, or undefined. */
export function versionOf(name) {
  const file = FOLDERS.map((folder) => new URL(`${name}/package.json`, folder)).find(existsSync);
  return file && JSON.parse(readFileSync(file, 'utf8')).version;
}

/** Why something that needs these packages cannot be measured, or undefined where it can. */
export function whyNotWith(packages) {
  const missing = packages.filter((name) => versionOf(name) === undefined);
  if (missing.length === 0) return undefined;
  return `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not installed`;
}
