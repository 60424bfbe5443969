import { type SessionRecord } from './session-record.js';

/** How many records a page has room for. */
const PAGE = 8192;

/** How many records a listing takes from a page at a time. */
const BATCH = 256;

/** Records that were made one after the other, in that order; those that have ended may still be there. */
interface Page {
  /** The first handle that this page was begun with: those of the page before are smaller. */
  readonly first: string;
  records: SessionRecord[];
  ended: number;
}

/**
 * Records by public handle and by creation, which is how handles sort. They are kept in pages, so that
 * nothing becomes so large that its growth is noticed.
 *
 * A record tells itself that it has ended, so one that goes is only counted; its page is cleared of the
 * ended before they outnumber the living.
 */
export class CreationIndex {
  readonly #pages: Page[] = [];
  #size = 0;

  /** How many are alive. */
  get size(): number {
    return this.#size;
  }

  get(id: string): SessionRecord | undefined {
    const records = this.#pages[this.#indexOf(id)]?.records ?? [];
    const record = records[positionAfter(records, id) - 1];
    return record?.id === id && isAlive(record) ? record : undefined;
  }

  /** A session is kept some time after it was made, so now and then one comes in behind a later one. */
  add(record: SessionRecord): void {
    const { records } = this.#pageFor(record.id);
    if (isAfter(record.id, records)) records.push(record);
    else records.splice(positionAfter(records, record.id), 0, record);
    this.#size++;
  }

  /** A record that is in here has ended. */
  drop({ id }: SessionRecord): void {
    const index = this.#indexOf(id);
    const page = this.#pages[index];
    if (page === undefined) return;
    this.#size--;
    page.ended++;
    if (2 * page.ended <= page.records.length) return;
    page.records = page.records.filter(isAlive);
    page.ended = 0;
    if (page.records.length === 0) this.#pages.splice(index, 1);
  }

  clear(): void {
    this.#pages.length = 0;
    this.#size = 0;
  }

  /** Calls for every record. */
  forEach(visit: (record: SessionRecord) => void): void {
    for (const { records } of this.#pages) records.filter(isAlive).forEach(visit);
  }

  /** The records after a handle, in the order of creation; the index may change while they are read. */
  *after(handle: string): Iterable<SessionRecord> {
    let last = handle;
    for (;;) {
      const batch = this.#batchAfter(last);
      if (batch.length === 0) return;
      for (const record of batch) {
        last = record.id;
        if (isAlive(record)) yield record;
      }
    }
  }

  #batchAfter(handle: string): readonly SessionRecord[] {
    const index = this.#indexOf(handle);
    const records = this.#pages[index]?.records ?? [];
    const position = positionAfter(records, handle);
    if (position < records.length) return records.slice(position, position + BATCH);
    return this.#pages[index + 1]?.records.slice(0, BATCH) ?? [];
  }

  /** The page that a new record belongs on. */
  #pageFor(id: string): Page {
    const index = this.#indexOf(id);
    const page = this.#pages[index];
    const isLast = index === this.#pages.length - 1;
    // Only what comes after everything else begins a new page.
    const isFull = page !== undefined && isLast && page.records.length >= PAGE;
    if (page !== undefined && !(isFull && isAfter(id, page.records))) return page;
    const next: Page = { first: id, records: [], ended: 0 };
    this.#pages.push(next);
    return next;
  }

  /** Where the last page is that does not begin behind a handle; the first takes what is left. */
  #indexOf(id: string): number {
    let low = 0;
    let high = this.#pages.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      const page = this.#pages[middle];
      if (page !== undefined && page.first <= id) low = middle;
      else high = middle;
    }
    return low;
  }
}

function isAlive({ ended }: SessionRecord): boolean {
  return ended === undefined;
}

function isAfter(id: string, records: readonly SessionRecord[]): boolean {
  const last = records[records.length - 1];
  return last === undefined || last.id < id;
}

/** Where the first record is whose handle is greater. */
function positionAfter(records: readonly SessionRecord[], id: string): number {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const record = records[middle];
    if (record !== undefined && record.id <= id) low = middle + 1;
    else high = middle;
  }
  return low;
}
