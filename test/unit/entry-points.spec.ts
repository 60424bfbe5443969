import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import * as core from 'nestjs-live-session';
import * as redis from 'nestjs-live-session/redis';
import * as testing from 'nestjs-live-session/testing';

const LIB = resolve('lib');

/** The files of `lib/`, with the relative imports of each, as paths from there. */
function imports(): readonly (readonly [file: string, imported: readonly string[]])[] {
  const files = readdirSync(LIB, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => [file, importsOf(file)] as const);
}

function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(LIB, file), 'utf8');
  const specifiers = [...text.matchAll(/from '(\.[^']*)'/g)].map(([, specifier = '']) => specifier);
  return specifiers.map((specifier) => relative(LIB, resolve(LIB, file, '..', specifier)));
}

describe('nestjs-live-session', () => {
  it('exports what it always has', () => {
    expect(Object.keys(core)).toEqual([
      'AdapterRegistry',
      'AlreadyCalledError',
      'AlreadyCancelledError',
      'CannotAdaptError',
      'Componentized',
      'DuplicateAdapterError',
      'ExpirationWork',
      'InjectSession',
      'MemorySessionStore',
      'NoCurrentSessionError',
      'NodeReactor',
      'OnSessionExpire',
      'RandomSource',
      'Reactor',
      'RequireSession',
      'SchedulerReactor',
      'Session',
      'SessionComponent',
      'SessionComponentError',
      'SessionConflictError',
      'SessionDirectory',
      'SessionError',
      'SessionExpiredError',
      'SessionGuard',
      'SessionHeadersSentError',
      'SessionLimitError',
      'SessionModule',
      'SessionNotFoundError',
      'SessionNotLoadedError',
      'SessionOptionError',
      'SessionRequiredError',
      'SessionService',
      'SessionStateError',
      'SessionStore',
      'SessionStoreUnavailableError',
      'SessionTooLargeError',
      'State',
      'adapt',
    ]);
  });
});

describe('nestjs-live-session/redis', () => {
  it('exports what it always has', () => {
    expect(Object.keys(redis)).toEqual(['RedisSessionStore']);
  });

  it('shares its classes with the core', () => {
    expect(redis.RedisSessionStore.prototype).toBeInstanceOf(core.SessionStore);
  });
});

describe('nestjs-live-session/testing', () => {
  it('exports what it always has', () => {
    expect(Object.keys(testing)).toEqual([
      'Clock',
      'describeSessionStore',
      'inSession',
      'sessionCookie',
      'sessionFrom',
      'sessionHeaders',
      'signIn',
      'startSession',
    ]);
  });

  it('shares its classes with the core', () => {
    expect(new testing.Clock()).toBeInstanceOf(core.Reactor);
  });
});

describe('lib', () => {
  const entries = readdirSync(LIB, { withFileTypes: true })
    .filter((folder) => folder.isDirectory())
    .filter(({ name }) => readdirSync(join(LIB, name)).includes('index.ts'))
    .map(({ name }) => `${name}/`);

  const entryOf = (path: string) => entries.find((entry) => path.startsWith(entry));

  const manifest = () => JSON.parse(readFileSync('package.json', 'utf8'));

  it('has an entry for each folder with an index, and no other', () => {
    const { exports } = manifest();

    const named = ['.', './package.json', ...entries.map((entry) => `./${entry.slice(0, -1)}`)];

    expect(Object.keys(exports).sort()).toEqual(named.sort());
  });

  it('tells older TypeScript of every entry', () => {
    const { typesVersions } = manifest();

    const named = entries.map((entry) => entry.slice(0, -1));

    expect(Object.keys(typesVersions['*']).sort()).toEqual(named.sort());
  });

  it('never imports an entry’s own files from outside of it', () => {
    const strangers = imports().filter(([file, imported]) =>
      imported.some((path) => entryOf(path) !== undefined && entryOf(path) !== entryOf(file)),
    );

    expect(strangers).toEqual([]);
  });

  it('never imports its own front door', () => {
    const visitors = imports().filter(([, imported]) => imported.includes('index.js'));

    expect(visitors).toEqual([]);
  });
});
