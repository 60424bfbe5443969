import assert from 'node:assert/strict';
import { type StoreTrial } from './store-trial.js';

/** What the parts of the suite are declared with: each test has a trial of its own. */
export interface StoreSuite {
  readonly describe: (name: string, declare: () => void) => void;
  readonly it: (promise: string, prove: (trial: StoreTrial) => Promise<void>) => void;
}

/** The same moment, for a store whose clock may go on a little while a test runs. */
export function assertSameTime(actual: number | undefined, expected: number): void {
  const isSame = actual !== undefined && Math.abs(actual - expected) < 0.25;
  assert.ok(isSame, `It is ${actual}, not ${expected}.`);
}
