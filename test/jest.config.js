const nest = process.env.NEST ?? '12';

/** What swc is to make of TypeScript. */
const swc = (transform) => ({
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform,
    keepClassNames: true,
  },
  module: { type: 'es6' },
});

/** @type {import('jest').Config} */
export default {
  rootDir: '..',
  displayName: `nest ${nest}`,
  testEnvironment: 'node',
  testMatch: ['<rootDir>/{test,sample}/**/*.{spec,e2e-spec}.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  setupFiles: ['<rootDir>/test/setup.ts'],
  transform: {
    // Accessors are what newer decorators brought; swc takes them with those only, and Nest wants the older.
    '/live-state\\.ts$': ['@swc/jest', swc({ decoratorVersion: '2022-03' })],
    '^.+\\.ts$': ['@swc/jest', swc({ legacyDecorator: true, decoratorMetadata: true })],
  },
  moduleNameMapper: {
    // Sources import './x.js' (as Node will see it); under jest the file is still './x.ts'.
    '^(\\.{1,2}/.*)\\.js$': ['$1.js', '$1.ts'],
    // The package under its own name, straight from source.
    '^nestjs-live-session$': '<rootDir>/lib/index.ts',
    '^nestjs-live-session/(.+)$': '<rootDir>/lib/$1/index.ts',
    ...(nest === '11' && {
      '^(@nestjs/.+|rxjs|reflect-metadata)$': '<rootDir>/test/nest-11/node_modules/$1',
    }),
  },
  // What tests a store alone meets no Nest: once is enough. That all of it works on each, the samples show.
  testPathIgnorePatterns: [
    '/node_modules/',
    ...(nest === '11' ? ['/test/(bench|contract|property|redis)/'] : []),
  ],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/sample/.+/dist'],
  // Modules loaded as ESM are kept as long as their process lives: workers are renewed before that hurts.
  maxWorkers: 2,
  workerIdleMemoryLimit: '700MB',
  coverageProvider: 'v8',
  collectCoverageFrom: ['lib/**/*.ts', '!lib/**/index.ts'],
  coverageThreshold: { global: { lines: 95, branches: 90 } },
};
