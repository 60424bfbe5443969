/** `npm start`: a sample from a fresh clone. Installs, builds and runs it: the shop unless named. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { projects } = JSON.parse(readFileSync(join(root, 'nest-cli.json'), 'utf8'));
const name = process.argv[2] ?? '01-shop';
const sample = projects[name];

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

if (sample?.type !== 'application') {
  const samples = Object.keys(projects).filter((other) => projects[other].type === 'application');
  console.error(`There is no sample ${name}. There are ${samples.join(' and ')}.`);
  process.exit(1);
}
if (!existsSync(join(root, 'node_modules')))
  run('npm', ['ci', '--loglevel=error', '--no-fund', '--no-audit']);
run('npm', ['run', '--silent', 'build']);
run(process.execPath, [
  'node_modules/typescript/bin/tsc',
  '-p',
  sample.compilerOptions.tsConfigPath,
]);

const app = spawn(process.execPath, [`${sample.root}/dist/${sample.entryFile}.js`], {
  cwd: root,
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => app.kill(signal));
app.on('exit', (code) => process.exit(code ?? 0));
