import { SessionStateError } from '../errors/session.errors.js';
import { type SessionRecord } from '../store/session-record.js';
import { type ComponentBlueprint } from './component-blueprint.js';
import { decodeState, encodeState } from './state.codec.js';

/** Reports a stored state that this build cannot read. */
export type UnreadableReport = (blueprint: ComponentBlueprint, error: unknown) => void;

/**
 * One component of one session, and the state of it that is known to be saved. The difference
 * between the two is what there is to save.
 */
export class ComponentSlot {
  /** Whether it was asked for since the last save; nothing else can have changed it. */
  isAsked = true;
  /** The text of a state that could not be read, to be set aside when the new state is saved. */
  aside: string | undefined;
  /** The saved text; empty where whatever it holds now is to be saved. */
  saved = '';

  constructor(
    readonly component: object,
    readonly blueprint: ComponentBlueprint,
    /** Other components of the session that this one holds, and may change. */
    readonly parts: readonly unknown[],
    private readonly maxBytes: number,
  ) {}

  /** Its state now. @throws SessionStateError, SessionTooLargeError */
  text(): string {
    const { fields, options } = this.blueprint;
    const state: Record<string, unknown> = {};
    for (const field of fields) state[field] = Reflect.get(this.component, field);
    return encodeState(state, { name: options.name, maxBytes: this.maxBytes });
  }

  /** Puts the component back to a text. */
  restore(text: string): void {
    this.#assign(decodeState(text));
  }

  /** Puts the component back to what is saved. */
  revert(): void {
    if (this.saved !== '') this.restore(this.saved);
  }

  /**
   * Gives a new component the state that the record has for it: its own version's, else that of the
   * nearest older one, upgraded. A state that cannot be read is kept aside, and the component starts
   * as new.
   */
  load(record: SessionRecord, report: UnreadableReport): void {
    this.saved = this.text();
    const stored = this.#stored(record);
    if (stored === undefined) return;
    try {
      this.#assign(this.#validated(this.#upgraded(decodeState(stored.text), stored.version)));
      // A state that was upgraded is saved in its new form; the old one stays for older builds.
      this.saved = stored.version === this.blueprint.options.version ? stored.text : '';
    } catch (error) {
      this.restore(this.saved);
      this.aside = stored.text;
      report(this.blueprint, error);
    }
  }

  #stored(record: SessionRecord): { text: string; version: number } | undefined {
    for (let { version } = this.blueprint.options; version > 0; version--) {
      const text = record.components?.get(this.blueprint.keyOf(version))?.text;
      if (text !== undefined) return { text, version };
    }
    return undefined;
  }

  #upgraded(state: Record<string, unknown>, from: number): unknown {
    const { version, upgrade } = this.blueprint.options;
    return from === version || upgrade === undefined ? state : upgrade(state, from);
  }

  #validated(state: unknown): object {
    const { schema, name } = this.blueprint.options;
    const result = schema?.['~standard'].validate(state) ?? { value: state };
    if (result instanceof Promise) {
      throw new SessionStateError(
        name,
        'has a schema that validates asynchronously: use one that does not.',
      );
    }
    if (result.issues !== undefined) {
      const issues = result.issues.map(({ message }) => message).join('; ');
      throw new SessionStateError(name, `does not pass its schema: ${issues}`);
    }
    if (typeof result.value === 'object' && result.value !== null) return result.value;
    throw new SessionStateError(
      name,
      'is no object after its upgrade: return one with the state fields.',
    );
  }

  #assign(state: object): void {
    for (const field of this.blueprint.fields) {
      if (Object.hasOwn(state, field))
        Reflect.set(this.component, field, Reflect.get(state, field));
    }
  }
}
