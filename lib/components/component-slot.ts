import { revisionOf } from '../store/component-changes.js';
import { type SessionRecord } from '../store/session-record.js';
import { type ComponentChange } from '../store/session.store.js';
import { type ComponentBlueprint } from './component-blueprint.js';
import { decodeState, encodeState } from './state.codec.js';
import { findState, readState, validate } from './stored-state.js';
import { mergeStates } from './three-way-merge.js';
import { WrittenState } from './written-state.js';

/** Reports a stored state that this build cannot read. */
export type UnreadableReport = (blueprint: ComponentBlueprint, error: unknown) => void;

const NONE: readonly ComponentChange[] = Object.freeze([]);

/** What a state is stored under that could not be read, beside the new one. */
const ASIDE = '~aside';

/** Whether a state is one that was set aside. */
export function isAside(key: string): boolean {
  return key.endsWith(ASIDE);
}

/**
 * One component of one session, and the state of it that is known to be saved. The difference
 * between the two is what there is to save.
 */
export class ComponentSlot {
  /** Whether it was asked for since the last save; nothing else can have changed it. */
  isAsked = true;
  /** How many changes to it are under way, which are to be saved when they are done. */
  apart = 0;
  /** Whether a change that was under way was put back, because the session ended. */
  wasCutShort = false;
  /** The state that a new component begins with; unknown of one that the application made. */
  #initial: string | undefined;
  /** What it held when it was read or saved; nothing of one that the application made. */
  #base: string | undefined;
  /** Whether it is to be saved even if it is not changed. */
  #isDue = true;
  /** The revision that it was read or saved in: a save on top of any other is a conflict. */
  #revision: number;
  /** What was written last, if it can be told from the fields whether it would be the same. */
  #written: WrittenState | undefined;
  /** What was sent to be saved without an answer, so that it may be saved. */
  #unanswered: string | undefined;
  /** The text of a state that could not be read, to be set aside when the new state is saved. */
  #aside: string | undefined;

  constructor(
    readonly component: object,
    readonly blueprint: ComponentBlueprint,
    record: SessionRecord,
    private readonly maxBytes: number,
  ) {
    this.#revision = revisionOf(record, blueprint.key);
  }

  /** Its state now. @throws SessionStateError, SessionTooLargeError */
  text(): string {
    if (this.#written?.isOf(this.component, this.blueprint.fields)) return this.#written.text;
    return this.#write(this.#state());
  }

  /** Puts the component back to a text. */
  restore(text: string): void {
    this.#assign(decodeState(text, this.blueprint.options.name));
  }

  /** What there is to save. @throws SessionStateError, SessionTooLargeError */
  changes(record: SessionRecord): readonly ComponentChange[] {
    const text = this.text();
    if (text === this.#base && !this.#isDue) return NONE;
    const { key } = this.blueprint;
    const change: ComponentChange = { key, text, revision: this.#revision };
    if (this.#aside === undefined) return [change];
    const asideKey = key + ASIDE;
    return [change, { key: asideKey, text: this.#aside, revision: revisionOf(record, asideKey) }];
  }

  /** Nobody knows whether a text was saved. */
  doubt(text: string): void {
    this.#unanswered = text;
  }

  /** A text was saved. */
  accept(text: string, record: SessionRecord): void {
    this.#unanswered = undefined;
    this.#base = text;
    this.#isDue = false;
    this.#aside = undefined;
    this.#revision = revisionOf(record, this.blueprint.key);
  }

  /** Whether it was changed since it was read or saved. What cannot be stored is a change, too. */
  isChanged(): boolean {
    try {
      return this.text() !== this.#base;
    } catch {
      return true;
    }
  }

  /**
   * Puts the component back to what it held when it was read or saved. Of one that the application
   * made there is nothing to go back to: the answer is `false`.
   */
  revert(): boolean {
    if (this.#base === undefined) return false;
    this.restore(this.#base);
    return true;
  }

  /** Reads what others have saved of the component meanwhile, unless it was changed here, too. */
  refresh(record: SessionRecord, report: UnreadableReport): void {
    if (this.apart > 0 || this.#revision === revisionOf(record, this.blueprint.key)) return;
    if (!this.isChanged()) this.load(record, report);
  }

  /**
   * The session has ended, so nothing of it is saved any more: a change under way, and one that was made
   * from what is outdated, make room for what was saved last.
   */
  conclude(record: SessionRecord, report: UnreadableReport): void {
    this.#isDue = false;
    if (this.#base === undefined) return;
    this.wasCutShort = this.apart > 0 && this.isChanged();
    try {
      if (this.#revision !== revisionOf(record, this.blueprint.key)) this.load(record, report);
      else if (this.apart > 0) this.revert();
    } catch (error) {
      // A component that refuses a state keeps nobody from being told of the end.
      report(this.blueprint, error);
    }
  }

  /**
   * Puts together what was changed here and what others have saved meanwhile. Where that cannot be done,
   * and the answer is `false`, the component holds what was saved.
   */
  merge(record: SessionRecord, report: UnreadableReport): boolean {
    const { name } = this.blueprint.options;
    const saved = record.components?.get(this.blueprint.key)?.text;
    if (saved !== undefined && saved === this.#unanswered) {
      // It was one's own: to put both together would add everything twice.
      this.accept(saved, record);
      return true;
    }
    const base = this.#base;
    if (base === undefined || this.#aside !== undefined) return false;
    const mine = decodeState(this.text(), name);
    this.load(record, report);
    if (this.#aside !== undefined || findState(this.blueprint, record) === undefined) return false;
    const merged = mergeStates(
      decodeState(base, name),
      mine,
      decodeState(this.#base ?? base, name),
    );
    if (merged === undefined || validate(this.blueprint, merged).issues !== undefined) return false;
    this.#assign(merged);
    return true;
  }

  /**
   * Takes the component as a new one, whatever the record has.
   *
   * @throws SessionStateError where its schema is of no use, before any state is lost to that.
   */
  begin(): void {
    const state = this.#state();
    validate(this.blueprint, state);
    this.#initial = this.#write(state);
    this.#base = this.#initial;
  }

  /**
   * Gives the component the state that the record has for it. A state that cannot be read is kept
   * aside, and the component begins anew.
   */
  load(record: SessionRecord, report: UnreadableReport): void {
    if (this.#initial === undefined) {
      // Not with a change that is under way.
      this.revert();
      this.begin();
    } else this.restore(this.#initial);
    this.#base = this.#initial;
    this.#isDue = false;
    this.#unanswered = undefined;
    this.#aside = undefined;
    this.#revision = revisionOf(record, this.blueprint.key);
    try {
      this.#read(record);
    } catch (error) {
      this.revert();
      report(this.blueprint, error);
    }
  }

  #read(record: SessionRecord): void {
    const stored = findState(this.blueprint, record);
    if (stored === undefined) return;
    const isOwn = stored.version === this.blueprint.options.version;
    if (isOwn) this.#aside = stored.text;
    this.#assign(readState(this.blueprint, stored));
    this.#base = this.text();
    this.#aside = undefined;
    // A state that was upgraded is saved in its new form; the old one stays for older builds.
    this.#isDue = !isOwn;
  }

  #write(state: Record<string, unknown>): string {
    const text = encodeState(state, { name: this.blueprint.options.name, maxBytes: this.maxBytes });
    this.#written = WrittenState.of(state, text);
    return text;
  }

  #state(): Record<string, unknown> {
    const state: Record<string, unknown> = {};
    for (const field of this.blueprint.fields) state[field] = Reflect.get(this.component, field);
    return state;
  }

  #assign(state: object): void {
    for (const field of this.blueprint.fields) {
      if (Object.hasOwn(state, field))
        Reflect.set(this.component, field, Reflect.get(state, field));
    }
  }
}
