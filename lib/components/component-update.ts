import { type Awaitable } from '../awaitable.js';
import { type ComponentSlot } from './component-slot.js';
import { type ComponentStates } from './component-states.js';

/**
 * An update of a component and those that it holds. Nobody else saves them meanwhile, and where it fails
 * they go back to what they were.
 */
export class ComponentUpdate {
  readonly #before: readonly { readonly slot: ComponentSlot; readonly text: string }[];
  /** Whether it can be run again: what was changed before and not saved cannot be changed again. */
  readonly isRepeatable: boolean;

  constructor(
    private readonly states: ComponentStates,
    slots: readonly ComponentSlot[],
  ) {
    this.#before = slots.map((slot) => ({ slot, text: slot.text() }));
    this.isRepeatable = !slots.some((slot) => slot.isChanged());
  }

  /** Whether the session has ended and its change is lost. */
  get isLost(): boolean {
    return this.#before.some(({ slot }) => this.states.hasLost(slot));
  }

  async run<R>(change: () => R, save: () => Awaitable<void>): Promise<Awaited<R>> {
    for (const { slot } of this.#before) slot.apart++;
    try {
      const result = await change();
      await save();
      return result;
    } finally {
      for (const { slot } of this.#before) {
        slot.apart--;
        this.states.mark(slot);
      }
    }
  }

  putBack(): void {
    for (const { slot, text } of this.#before) this.states.putBack(slot, text);
  }
}
