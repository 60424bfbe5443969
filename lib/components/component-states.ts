import { type ComponentToken } from '../componentized/component-token.js';
import { type Session } from '../session/session.js';
import { revisionOf, staleOf } from '../store/component-changes.js';
import { type ComponentChange } from '../store/session.store.js';
import { type ComponentBlueprint } from './component-blueprint.js';
import { type ComponentCatalog } from './component-catalog.js';
import { ComponentSlot } from './component-slot.js';
import { ComponentUpdate } from './component-update.js';
import { assertSize } from './session-size.js';

/** Which components are to be saved: those that were asked for, all, or one with those that it holds. */
export type Saved = 'asked' | 'all' | object;

/** Few sessions ever have a component removed, so they share what is none. */
const NONE: ReadonlySet<ComponentBlueprint> = new Set();

/**
 * The components of one session and what is to be saved of them. A component is read from the record
 * when it is first asked for, and compared with what is saved only if it was asked for since.
 */
export class ComponentStates {
  /** Those that have a state; few enough to go through. */
  #slots: readonly ComponentSlot[] = [];
  #removed = NONE;
  /** Whether any was asked for, or made, since the last save. */
  #isAsked = false;
  /** Why changes were last put back that nobody had saved: another object each time. */
  loss: { readonly error: unknown } | undefined;

  constructor(
    private readonly session: Session,
    private readonly catalog: ComponentCatalog,
  ) {}

  /** Whether there can be nothing to save: nothing was asked for, so nothing was changed. */
  get isIdle(): boolean {
    return !this.#isAsked && this.#removed.size === 0;
  }

  /** The component of a blueprint that has a state, built and restored. */
  create(blueprint: ComponentBlueprint): object {
    const existing = this.#slotOf(blueprint);
    if (existing !== undefined) return existing.component;
    const component = this.catalog.build(blueprint, this.session);
    this.#hold(component, blueprint);
    return component;
  }

  /** Takes over a component that the application made itself. Returns the one whose place it takes. */
  adopt(component: object, blueprint: ComponentBlueprint): object | undefined {
    const previous = this.#slotOf(blueprint)?.component;
    if (previous === component) return undefined;
    this.#put(this.#slotFor(component, blueprint));
    return previous;
  }

  /** Notes that a component was asked for, so that it and those that it holds may be changed. */
  ask(component: unknown): void {
    for (const blueprint of this.catalog.reachOf(component)) {
      const slot = this.#slotOf(blueprint);
      if (slot === undefined) continue;
      this.mark(slot);
      slot.refresh(this.session.$record, this.catalog.report);
    }
  }

  /** Removes a component and, with the next save, its state. */
  remove(component: unknown): void {
    const slot = this.#slots.find((one) => one.component === component);
    if (slot === undefined) return;
    this.#letGo(slot);
    this.#removed = new Set([...this.#removed, slot.blueprint]);
  }

  /** Lets go of the component for an interface, but not of its saved state. Returns the component. */
  release(token: ComponentToken): object | undefined {
    const slot = this.#slots.find(({ blueprint }) => blueprint.tokens.includes(token));
    if (slot !== undefined) this.#letGo(slot);
    return slot?.component;
  }

  /**
   * What is to be saved.
   *
   * @param dropped components whose states are to be removed instead
   * @throws SessionStateError, SessionTooLargeError. All components are then put back as they were saved,
   *   but for those of an update, which puts back its own.
   */
  changes(which: Saved, dropped: readonly ComponentBlueprint[] = []): readonly ComponentChange[] {
    const isUpdate = typeof which === 'object';
    // An update is saved by itself and by nobody else, lest it is lost with somebody else's changes.
    const ownApart = isUpdate ? 1 : 0;
    try {
      const changes = isUpdate ? [] : this.#removals(dropped);
      for (const slot of this.#candidates(which)) {
        if (slot.apart > ownApart || dropped.includes(slot.blueprint)) continue;
        changes.push(...slot.changes(this.session.$record));
      }
      if (changes.length > 0)
        assertSize(this.session.$record, changes, this.catalog.limits.maxBytes);
      return changes;
    } catch (error) {
      if (!isUpdate) this.revert(error);
      throw error;
    }
  }

  /** The changes were saved. */
  saved(changes: readonly ComponentChange[]): void {
    const record = this.session.$record;
    for (const { key, text } of changes) {
      if (text !== undefined) this.#slotWithKey(key)?.accept(text, record);
    }
    this.#forgetRemoved((blueprint) => this.#storedKeys([blueprint]).length === 0);
  }

  /** Whether the changes were saved is not known: the store has not answered. */
  doubt(changes: readonly ComponentChange[]): void {
    for (const { key, text } of changes) {
      if (text !== undefined) this.#slotWithKey(key)?.doubt(text);
    }
  }

  /** From here on only what is asked for again can change. */
  settle(): void {
    if (!this.#isAsked) return;
    this.#isAsked = false;
    for (const slot of this.#slots) slot.isAsked = false;
  }

  /**
   * Puts all components back as they were saved, but for those whose change is under way.
   *
   * @param error what whoever waits to save them is told
   */
  revert(error: unknown): void {
    this.loss = { error };
    for (const slot of this.#slots) if (slot.apart === 0) this.#revert(slot);
    this.#removed = NONE;
  }

  /**
   * Puts together what was changed here and what others have saved of the same components meanwhile.
   * Whether that could be done with all of them.
   */
  merge(changes: readonly ComponentChange[]): boolean {
    const stale = staleOf(this.session.$record, changes);
    // Where no component is, the conflict is about something else, which nothing here can settle.
    if (stale.length === 0) return false;
    return stale.every(({ key, text }) => {
      const slot = text === undefined ? undefined : this.#slotWithKey(key);
      return slot?.merge(this.session.$record, this.catalog.report) === true;
    });
  }

  /** Puts the components back whose changes were refused; of an update, nobody else lost any. */
  revertChanges(changes: readonly ComponentChange[], which: Saved, error: unknown): void {
    if (typeof which !== 'object') this.loss = { error };
    for (const { key } of changes) {
      const slot = this.#slotWithKey(key);
      if (slot !== undefined) this.#revert(slot);
      this.#forgetRemoved((blueprint) => blueprint.owns(key));
    }
  }

  /** An update of a component and those that it holds. */
  update(component: object): ComponentUpdate {
    this.#complete(component);
    return new ComponentUpdate(this, this.#reachOf(component));
  }

  /** The components with a state that an update of a component can change. */
  reachOf(component: object): readonly object[] {
    this.#complete(component);
    return this.#reachOf(component).map((slot) => slot.component);
  }

  /** From here on a component may be changed. */
  mark(slot: ComponentSlot): void {
    slot.isAsked = this.#isAsked = true;
  }

  /** Puts a component back to a text; after the end, for good to what was saved. */
  putBack(slot: ComponentSlot, text: string): void {
    if (this.session.$phase !== 'ended' || !slot.revert()) slot.restore(text);
  }

  /** Whether the session has ended and with it a change of a component that was under way. */
  hasLost(slot: ComponentSlot): boolean {
    if (this.session.$phase !== 'ended') return false;
    return slot.wasCutShort || (!this.#slots.includes(slot) && slot.isChanged());
  }

  /** The session has ended: its components are for good what was saved of them. */
  conclude(): void {
    for (const slot of this.#slots) slot.conclude(this.session.$record, this.catalog.report);
  }

  /** Lets go of components whose states were removed. */
  drop(dropped: readonly ComponentBlueprint[]): void {
    for (const { tokens } of dropped) {
      for (const token of tokens) this.session.unsetComponent(token);
    }
  }

  #forgetRemoved(isDone: (blueprint: ComponentBlueprint) => boolean): void {
    if (this.#removed.size === 0) return;
    this.#removed = new Set([...this.#removed].filter((blueprint) => !isDone(blueprint)));
  }

  #hold(component: object, blueprint: ComponentBlueprint): void {
    const slot = this.#slotFor(component, blueprint);
    if (this.#removed.has(blueprint)) slot.begin();
    else slot.load(this.session.$record, this.catalog.report);
    this.#put(slot);
  }

  #slotFor(component: object, blueprint: ComponentBlueprint): ComponentSlot {
    const { maxComponentBytes } = this.catalog.limits;
    this.#isAsked = true;
    return new ComponentSlot(component, blueprint, this.session.$record, maxComponentBytes);
  }

  #revert(slot: ComponentSlot): void {
    const { blueprint } = slot;
    if (!slot.revert()) this.session.unsetComponent(blueprint.type);
    else if (this.#removed.has(blueprint)) slot.load(this.session.$record, this.catalog.report);
  }

  /** Has all that a component holds made, so that an update knows of it: some is made when it is asked for. */
  #complete(component: object): void {
    for (const blueprint of this.catalog.reachOf(component)) {
      if (this.#removed.has(blueprint) || this.#slotOf(blueprint) !== undefined) continue;
      try {
        this.session.getComponent(blueprint.type);
      } catch {
        // Whoever asks for it is told. What cannot be made cannot be changed.
      }
    }
  }

  /** The states that somebody who has the component can change. */
  #reachOf(component: unknown): ComponentSlot[] {
    return this.catalog.reachOf(component).flatMap((one) => this.#slotOf(one) ?? []);
  }

  #slotOf(blueprint: ComponentBlueprint): ComponentSlot | undefined {
    return this.#slots.find((slot) => slot.blueprint === blueprint);
  }

  #slotWithKey(key: string): ComponentSlot | undefined {
    return this.#slots.find(({ blueprint }) => blueprint.key === key);
  }

  /** In place of another one of its blueprint. Where it is the only one its array has no room for more. */
  #put(slot: ComponentSlot): void {
    const others = this.#slots.filter(({ blueprint }) => blueprint !== slot.blueprint);
    this.#slots = others.length === 0 ? [slot] : [...others, slot];
  }

  #letGo(slot: ComponentSlot): void {
    this.#slots = this.#slots.filter((other) => other !== slot);
  }

  #candidates(which: Saved): readonly ComponentSlot[] {
    if (typeof which === 'object') return this.#reachOf(which);
    return this.#slots.filter(({ isAsked }) => isAsked || which === 'all');
  }

  /** Of every version, lest an older one comes back in its place. */
  #removals(dropped: readonly ComponentBlueprint[]): ComponentChange[] {
    if (this.#removed.size === 0 && dropped.length === 0) return [];
    const removed = this.#storedKeys(this.#removed).filter(
      (key) => this.#slotWithKey(key) === undefined,
    );
    return [...new Set([...removed, ...this.#storedKeys(dropped)])].map((key) => ({
      key,
      text: undefined,
      revision: revisionOf(this.session.$record, key),
    }));
  }

  #storedKeys(blueprints: Iterable<ComponentBlueprint>): readonly string[] {
    const owners = [...blueprints];
    if (owners.length === 0) return [];
    const keys = [...(this.session.$record.components?.keys() ?? [])];
    return keys.filter((key) => owners.some((blueprint) => blueprint.owns(key)));
  }
}
