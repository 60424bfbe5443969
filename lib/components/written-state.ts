import { type Fields } from './plain-json.js';

/**
 * A state and the text that was written of it. Of a state whose values cannot change inside, a look at
 * them tells whether the text would be the same again; to write it takes ten times as long.
 */
export class WrittenState {
  private constructor(
    private readonly state: Fields,
    readonly text: string,
  ) {}

  /** `undefined` where a value is an object, which may change and stay itself. */
  static of(state: Fields, text: string): WrittenState | undefined {
    return Object.values(state).every(isImmutable) ? new WrittenState(state, text) : undefined;
  }

  /** Whether a component has the same values in these fields. */
  isOf(component: object, fields: readonly string[]): boolean {
    for (const field of fields) {
      if (!Object.is(Reflect.get(component, field), this.state[field])) return false;
    }
    return true;
  }
}

function isImmutable(value: unknown): boolean {
  return value === null || (typeof value !== 'object' && typeof value !== 'function');
}
