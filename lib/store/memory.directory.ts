import { isOverdue, overdueReason, type SessionRecord } from './session-record.js';
import { SessionDirectory, type SessionFilter } from './session.store.js';

/**
 * The embedded store's index by public handle and by principal. Handles sort by creation, so the
 * order of insertion is the order of a listing.
 */
export class MemoryDirectory extends SessionDirectory {
  readonly #byId = new Map<string, SessionRecord>();
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
  async *list({ principal, after, limit = Infinity }: SessionFilter): AsyncIterable<SessionRecord> {
    const records = principal === undefined ? this.#byId.values() : byCreation(this.of(principal));
    let left = limit;
    for (const record of records) {
      if (left <= 0) return;
      if ((after !== undefined && record.id <= after) || !this.#isAlive(record)) continue;
      left--;
      yield record;
    }
  }

  endAll(principal: string, reason: string, except: SessionRecord | undefined): number {
    let ended = 0;
    for (const record of this.of(principal)) {
      if (record === except || record.ended !== undefined || !this.#isAlive(record)) continue;
      this.close(record, reason);
      ended++;
    }
    return ended;
  }

  /** Every session, in the order of creation. */
  all(): Iterable<SessionRecord> {
    return this.#byId.values();
  }

  /** The sessions of a principal, the earliest login first. */
  of(principal: string): readonly SessionRecord[] {
    return [...(this.#byPrincipal.get(principal) ?? [])];
  }

  add(record: SessionRecord): void {
    this.#byId.set(record.id, record);
    if (record.principal !== undefined) this.#index(record, record.principal);
  }

  move(record: SessionRecord, principal: string): void {
    this.#unindex(record);
    record.principal = principal;
    this.#index(record, principal);
  }

  remove(record: SessionRecord): void {
    this.#byId.delete(record.id);
    this.#unindex(record);
  }

  clear(): void {
    this.#byId.clear();
    this.#byPrincipal.clear();
  }

  #isAlive(record: SessionRecord): boolean {
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

function byCreation(records: readonly SessionRecord[]): readonly SessionRecord[] {
  return [...records].sort((a, b) => (a.id < b.id ? -1 : 1));
}
