/**
 * The two functions of a test runner that a suite is declared with: those of jest, vitest, mocha and
 * `node:test` fit.
 *
 * @publicApi
 */
export interface TestRunner {
  readonly describe: (name: string, declare: () => void) => unknown;
  readonly it: (name: string, run: () => Promise<void>) => unknown;
}

/** What was given, else the runner's globals. */
export function testRunnerOf(given: Partial<TestRunner>): TestRunner {
  const globals: Partial<TestRunner> = globalThis as object;
  const { describe = globals.describe, it = globals.it } = given;
  if (describe !== undefined && it !== undefined) return { describe, it };
  throw new Error(
    'There is no describe() and it() here: give those of your test runner, as in describeSessionStore(name, factory, { describe, it }).',
  );
}
