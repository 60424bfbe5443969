import { type AdapterFactory } from '../componentized/adapter-factory.js';
import { type ComponentToken } from '../componentized/component-token.js';
import { classOf } from '../componentized/provided-interfaces.js';
import { SessionTooLargeError } from '../errors/session.errors.js';
import { type LiveState } from '../session/live-state.js';
import { type ComponentChange } from '../store/session.store.js';
import { type ComponentBlueprint } from './component-blueprint.js';
import { type ComponentCatalog } from './component-catalog.js';
import { ComponentSlot } from './component-slot.js';

/**
 * The components of one session and what is to be saved of them. A component is read from the record
 * when it is first asked for, and compared with what is saved only if it was asked for since.
 */
export class ComponentStates {
  readonly #slots = new Map<unknown, ComponentSlot>();
  readonly #removed = new Set<ComponentBlueprint>();

  constructor(
    private readonly live: LiveState,
    private readonly catalog: ComponentCatalog,
  ) {}

  /** The component that a class stands for, built and restored; `undefined` for a plain adapter. */
  create(factory: AdapterFactory): object | undefined {
    const blueprint = this.catalog.blueprintOf(factory);
    if (blueprint === undefined) return undefined;
    const isShared = !blueprint.options.temporary && blueprint.options.multi;
    const existing = isShared ? this.#slotOf(blueprint) : undefined;
    if (existing !== undefined) return existing.component;
    const { component, parts } = blueprint.build(this.live.session);
    if (isShared) this.#hold(component, blueprint, parts);
    return component;
  }

  /** Takes over a component that the application made itself, in place of the one there was. */
  adopt(component: unknown): void {
    if (typeof component !== 'object' || component === null || this.#slots.has(component)) return;
    const type = classOf(component);
    const blueprint = type === undefined ? undefined : this.catalog.blueprintOf(type);
    if (blueprint === undefined || blueprint.fields.length === 0) return;
    const previous = this.#slotOf(blueprint);
    if (previous !== undefined) this.#slots.delete(previous.component);
    this.#removed.delete(blueprint);
    this.#slots.set(component, this.#slotFor(component, blueprint, []));
  }

  /** Notes that a component was asked for, so it may be changed. */
  ask(component: unknown): void {
    const slot = this.#slots.get(component);
    if (slot === undefined || slot.isAsked) return;
    slot.isAsked = true;
    for (const part of slot.parts) this.ask(part);
  }

  /** Removes a component and, with the next save, its state. */
  remove(component: unknown): void {
    const slot = this.#slots.get(component);
    if (slot === undefined) return;
    this.#slots.delete(component);
    this.#removed.add(slot.blueprint);
  }

  /** Lets go of the component for an interface, but not of its saved state. Returns the component. */
  release(token: ComponentToken): object | undefined {
    for (const [component, slot] of this.#slots) {
      if (!slot.blueprint.tokens.includes(token)) continue;
      this.#slots.delete(component);
      return slot.component;
    }
    return undefined;
  }

  /**
   * What is to be saved: of the components that were asked for, or of all.
   *
   * @throws SessionStateError, SessionTooLargeError. All components are then put back as they were saved.
   */
  changes(which: 'asked' | 'all'): readonly ComponentChange[] {
    try {
      const changes = this.#removals();
      for (const slot of this.#slots.values()) {
        if (slot.isAsked || which === 'all') changes.push(...this.#changesOf(slot));
      }
      if (changes.length > 0) this.#checkSize(changes);
      return changes;
    } catch (error) {
      this.revert();
      throw error;
    }
  }

  /** The changes were saved. */
  saved(changes: readonly ComponentChange[]): void {
    this.#removed.clear();
    for (const { key, text } of changes) {
      const slot = this.#slotWithKey(key);
      if (slot === undefined || text === undefined) continue;
      slot.saved = text;
      slot.aside = undefined;
    }
  }

  /** From here on only what is asked for again can change. */
  settle(): void {
    for (const slot of this.#slots.values()) slot.isAsked = false;
  }

  /** Puts all components back as they were saved. */
  revert(): void {
    this.#removed.clear();
    for (const slot of this.#slots.values()) slot.revert();
  }

  /** Reads all components again from the record. */
  reload(): void {
    for (const slot of this.#slots.values()) slot.load(this.live.record, this.catalog.report);
  }

  /** A way to put one component back as it is now. */
  snapshot(component: object): () => void {
    const slot = this.#slots.get(component);
    const text = slot?.text();
    return () => {
      if (text !== undefined) slot?.restore(text);
    };
  }

  /** Removes the components that do not survive a login, and their states. */
  dropForLogin(): void {
    const { session, record } = this.live;
    for (const blueprint of this.catalog.droppedOnLogin) {
      const slot = this.#slotOf(blueprint);
      if (slot !== undefined) session.removeComponent(slot.component);
      else if (record.components?.has(blueprint.key) === true) this.#removed.add(blueprint);
    }
  }

  #hold(component: object, blueprint: ComponentBlueprint, parts: readonly unknown[]): void {
    if (blueprint.fields.length === 0) return;
    const slot = this.#slotFor(component, blueprint, parts);
    if (!this.#removed.has(blueprint)) slot.load(this.live.record, this.catalog.report);
    this.#slots.set(component, slot);
  }

  #slotFor(
    component: object,
    blueprint: ComponentBlueprint,
    parts: readonly unknown[],
  ): ComponentSlot {
    return new ComponentSlot(component, blueprint, parts, this.catalog.limits.maxComponentBytes);
  }

  #slotOf(blueprint: ComponentBlueprint): ComponentSlot | undefined {
    return this.#slotWithKey(blueprint.key);
  }

  #slotWithKey(key: string): ComponentSlot | undefined {
    for (const slot of this.#slots.values()) if (slot.blueprint.key === key) return slot;
    return undefined;
  }

  #removals(): ComponentChange[] {
    return [...this.#removed]
      .filter(
        ({ key }) =>
          this.live.record.components?.has(key) === true && this.#slotWithKey(key) === undefined,
      )
      .map(({ key }) => this.#changeTo(key, undefined));
  }

  #changesOf(slot: ComponentSlot): ComponentChange[] {
    const { key } = slot.blueprint;
    const text = slot.text();
    if (text === slot.saved) return [];
    const changes = [this.#changeTo(key, text)];
    if (slot.aside !== undefined) changes.push(this.#changeTo(`${key}~aside`, slot.aside));
    return changes;
  }

  #changeTo(key: string, text: string | undefined): ComponentChange {
    return { key, text, revision: this.live.record.components?.get(key)?.revision ?? 0 };
  }

  #checkSize(changes: readonly ComponentChange[]): void {
    const texts = new Map<string, string | undefined>();
    for (const [key, { text }] of this.live.record.components ?? []) texts.set(key, text);
    for (const { key, text } of changes) texts.set(key, text);
    let bytes = 0;
    for (const text of texts.values()) bytes += Buffer.byteLength(text ?? '');
    const { maxBytes } = this.catalog.limits;
    if (bytes > maxBytes) throw new SessionTooLargeError('session', maxBytes);
  }
}
