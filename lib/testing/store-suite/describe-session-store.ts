import { describeBroadcast } from './broadcast.suite.js';
import { describeCommit } from './commit.suite.js';
import { describeComponents } from './components.suite.js';
import { describeCreation } from './creation.suite.js';
import { describeDirectory } from './directory.suite.js';
import { describeEndAll } from './end-all.suite.js';
import { describeEnding } from './ending.suite.js';
import { describeLifeOfANode } from './life-of-a-node.suite.js';
import { describeLimits } from './limits.suite.js';
import { describeLogin } from './login.suite.js';
import { describeManyNodes } from './many-nodes.suite.js';
import { describeNoReturn, describeNoReturnElsewhere } from './no-return.suite.js';
import { describeOpening } from './opening.suite.js';
import { describeRotation } from './rotation.suite.js';
import { type SessionStoreFactory } from './store-fixture.js';
import { type StoreSuite } from './store-suite.js';
import { StoreTrial } from './store-trial.js';
import { type TestRunner, testRunnerOf } from './test-runner.js';
import { describeTimeouts } from './timeouts.suite.js';

/**
 * How the suite is declared: all of it has a default.
 *
 * @publicApi
 */
export interface SessionStoreSuiteOptions extends Partial<TestRunner> {
  /**
   * Whether several nodes can share the sessions. Then what they promise each other is tested, too, and
   * the factory returns a `SessionStoreFixture`.
   *
   * @default 'one'
   */
  readonly nodes?: 'one' | 'many';
}

const ONE_NODE = [
  describeLifeOfANode,
  describeCreation,
  describeOpening,
  describeTimeouts,
  describeCommit,
  describeComponents,
  describeRotation,
  describeLogin,
  describeEnding,
  describeNoReturn,
  describeDirectory,
  describeEndAll,
  describeLimits,
];

const MANY_NODES = [describeManyNodes, describeBroadcast, describeNoReturnElsewhere];

/**
 * Declares the tests that every session store has to pass: one for each promise of `SessionStore`. Run
 * them on a store of your own; those of this library pass them.
 *
 * It asserts with `node:assert`, and declares with the `describe` and `it` of your runner: the globals
 * where there are some, as in jest, mocha or vitest with `globals: true`, else those that are given.
 *
 * @param factory makes a place without sessions for each test
 *
 * @example
 * ```ts
 * // jest, or vitest with globals
 * describeSessionStore('MyStore', () => new MyStore());
 *
 * // vitest
 * import { describe, it } from 'vitest';
 * describeSessionStore('MyStore', () => new MyStore(), { describe, it });
 *
 * // node:test, and a store that many nodes share, in a database with a clock of its own
 * import { describe, it } from 'node:test';
 * const factory = async (clock) => {
 *   const database = await TestDatabase.create();
 *   return {
 *     node: () => new MyStore({ database, pollInterval: 1 }),
 *     travel: (seconds) => database.query('update clock set ahead = ahead + $1', [seconds]),
 *     sweep: async () => {
 *       clock.advance(1); // every node asks what is new
 *       await database.idle();
 *     },
 *     dispose: () => database.drop(),
 *   };
 * };
 * describeSessionStore('MyStore', factory, { nodes: 'many', describe, it });
 * ```
 * @publicApi
 */
export function describeSessionStore(
  name: string,
  factory: SessionStoreFactory,
  { nodes = 'one', ...runner }: SessionStoreSuiteOptions = {},
): void {
  const { describe, it } = testRunnerOf(runner);
  const suite: StoreSuite = {
    describe: (subject, declare) => void describe(subject, declare),
    it: (promise, prove) => void it(promise, () => StoreTrial.run(factory, prove)),
  };
  describe(name, () => {
    for (const declare of ONE_NODE) declare(suite);
    if (nodes === 'many') for (const declare of MANY_NODES) declare(suite);
  });
}
