import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What the tests need beside Node, where Debian has it, and which suites do without it. */
const NEEDED = [
  {
    name: 'redis-server',
    isThere: () =>
      process.env.PATH.split(delimiter).some((folder) => existsSync(join(folder, 'redis-server'))),
    suites:
      'test/redis and sample/02-cluster (install Redis 6.2 or later, so that redis-server is on the PATH)',
  },
  {
    name: 'chromium',
    isThere: () => existsSync(process.env.CHROMIUM ?? '/usr/bin/chromium'),
    suites: 'sample (set CHROMIUM to the path of a Chromium or Chrome)',
  },
];

/**
 * Installs what is missing, as root on Debian. Elsewhere it leaves that to the reader.
 *
 * @returns what is still missing, a sentence each
 */
export function installServers() {
  const missing = NEEDED.filter(({ isThere }) => !isThere());
  if (missing.length > 0 && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const names = missing.map(({ name }) => name);
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env });
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env,
    });
  }
  return NEEDED.filter(({ isThere }) => !isThere()).map(
    ({ name, suites }) => `${suites}, for want of ${name}`,
  );
}
