import { CreationIndex } from './creation-index.js';
import { isOverdue, overdueReason, type SessionRecord } from './session-record.js';
import { SessionDirectory, type SessionFilter } from './session.store.js';

/** The embedded store's index by public handle and by principal. */
export class MemoryDirectory extends SessionDirectory {
  readonly #byId = new CreationIndex();
  readonly #byPrincipal = new Map<string, Set<SessionRecord>>();

  constructor(
    private readonly close: (record: SessionRecord, reason: string) => void,
    private readonly now: () => number,
  ) {
    super();
  }

  find(id: string): SessionRecord | undefined {
    const record = this.#byId.get(id);
    return record !== undefined && this.#isAlive(record) ? record : undefined;
  }

  count(): number {
    return this.#byId.size;
  }

  // oxlint-disable-next-line require-await -- an embedded listing has nothing to wait for
  async *list(filter: SessionFilter): AsyncIterable<SessionRecord> {
    const { principal, after = '', limit = Infinity } = filter;
    const records =
      principal === undefined ? this.#byId.after(after) : byCreation(this.of(principal), after);
    let left = limit;
    for (const record of records) {
      if (left <= 0) return;
      if (!this.#isAlive(record)) continue;
      left--;
      yield record;
    }
  }

  endAll(principal: string, reason: string, except: SessionRecord | undefined): number {
    let ended = 0;
    for (const record of this.of(principal)) {
      // The end of one may have been that of another.
      if (record === except || record.ended !== undefined) continue;
      this.close(record, reason);
      ended++;
    }
    return ended;
  }

  /** Calls for every session, in no order. */
  forEach(visit: (record: SessionRecord) => void): void {
    this.#byId.forEach(visit);
  }

  /** The live sessions of a principal, the earliest login first. */
  of(principal: string): readonly SessionRecord[] {
    for (const record of this.#byPrincipal.get(principal) ?? []) this.#isAlive(record);
    return [...(this.#byPrincipal.get(principal) ?? [])];
  }

  add(record: SessionRecord): void {
    this.#byId.add(record);
    if (record.principal !== undefined) this.#index(record, record.principal);
  }

  move(record: SessionRecord, principal: string): void {
    this.#unindex(record);
    record.principal = principal;
    this.#index(record, principal);
  }

  remove(record: SessionRecord): void {
    this.#byId.drop(record);
    this.#unindex(record);
  }

  clear(): void {
    this.#byId.clear();
    this.#byPrincipal.clear();
  }

  #isAlive(record: SessionRecord): boolean {
    if (record.ended !== undefined) return false;
    if (!isOverdue(record, this.now())) return true;
    this.close(record, overdueReason(record));
    return false;
  }

  #index(record: SessionRecord, principal: string): void {
    const own = this.#byPrincipal.get(principal);
    if (own === undefined) this.#byPrincipal.set(principal, new Set([record]));
    else own.add(record);
  }

  #unindex(record: SessionRecord): void {
    const { principal } = record;
    if (principal === undefined) return;
    const own = this.#byPrincipal.get(principal);
    own?.delete(record);
    if (own?.size === 0) this.#byPrincipal.delete(principal);
  }
}

function byCreation(records: readonly SessionRecord[], after: string): readonly SessionRecord[] {
  return records.filter(({ id }) => id > after).sort((a, b) => (a.id < b.id ? -1 : 1));
}
