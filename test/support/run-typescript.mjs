/**
 * `node --import ./test/support/run-typescript.mjs app.ts`: runs an application from source, for tests
 * that need one in a process of its own, as jest would run it in its.
 */
import { existsSync, readFileSync } from 'node:fs';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { transformSync } from '@swc/core';
import config from '../jest.config.js';

const root = new URL('../../', import.meta.url);
const nest11 = new URL('test/nest-11/package.json', root).href;
const transforms = Object.entries(config.transform);

// Hooks live in a thread of their own, which loads this file, too.
if (isMainThread) register(import.meta.url);

export async function resolve(specifier, context, next) {
  const [, entry] = /^nestjs-live-session(?:\/(.+))?$/.exec(specifier) ?? [];
  if (specifier.startsWith('nestjs-live-session')) {
    return next(new URL(`lib/${entry ? `${entry}/` : ''}index.ts`, root).href, context);
  }
  if (process.env.NEST === '11' && /^(@nestjs\/|rxjs|reflect-metadata)/.test(specifier)) {
    return next(specifier, { ...context, parentURL: nest11 });
  }
  if (/^(\.|file:).*\.js$/.test(specifier) && !specifier.includes('node_modules')) {
    const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    if (existsSync(source)) return next(source.href, context);
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const filename = fileURLToPath(url);
  const [, [, swc]] = transforms.find(([pattern]) => new RegExp(pattern).test(filename));
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    ...swc,
    filename,
    swcrc: false,
    sourceMaps: 'inline',
  });
  return { format: 'module', source: code, shortCircuit: true };
}
