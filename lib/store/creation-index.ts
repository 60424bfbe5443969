import { type SessionRecord } from './session-record.js';

/** How many records a page has room for. */
const PAGE = 8192;

/** Records that were made one after the other. */
interface Page {
  /** The first handle that this page was begun with: those of the page before are smaller. */
  readonly first: string;
  readonly records: Map<string, SessionRecord>;
  latest: string;
  isInOrder: boolean;
}

/**
 * Records by public handle and by creation, which is how handles sort. They are kept in pages, so that
 * no single table becomes so large that its growth is noticed, and a listing that goes on after some
 * handle begins at its page.
 *
 * A session is kept some time after it was made, so now and then one comes in behind a later one: its
 * page is put in order by the next listing.
 */
export class CreationIndex {
  readonly #pages: Page[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(id: string): SessionRecord | undefined {
    return this.#pages[this.#indexOf(id)]?.records.get(id);
  }

  add(record: SessionRecord): void {
    const { id } = record;
    const page = this.#pageFor(id);
    page.records.set(id, record);
    this.#size++;
    if (id < page.latest) page.isInOrder = false;
    else page.latest = id;
  }

  delete(id: string): void {
    const index = this.#indexOf(id);
    const page = this.#pages[index];
    if (page?.records.delete(id) !== true) return;
    this.#size--;
    if (page.records.size === 0) this.#pages.splice(index, 1);
  }

  clear(): void {
    this.#pages.length = 0;
    this.#size = 0;
  }

  /** Calls for every record, in no order. */
  forEach(visit: (record: SessionRecord) => void): void {
    for (const { records } of this.#pages) for (const record of records.values()) visit(record);
  }

  /** The records after a handle, in the order of creation; the index may change while they are read. */
  *after(handle: string): Iterable<SessionRecord> {
    let last = handle;
    let page = this.#pages[this.#indexOf(handle)];
    while (page !== undefined) {
      const { first } = page;
      for (const record of inOrder(page)) {
        if (record.id <= last) continue;
        last = record.id;
        yield record;
      }
      page = this.#pages.find((other) => other.first > first);
    }
  }

  /** The page that a new record belongs on. */
  #pageFor(id: string): Page {
    const index = this.#indexOf(id);
    const page = this.#pages[index];
    const isFull = page !== undefined && page.records.size >= PAGE;
    // Only what comes after everything else begins a new page.
    if (page !== undefined && !(isFull && index === this.#pages.length - 1 && id > page.latest)) {
      return page;
    }
    const next: Page = { first: id, records: new Map(), latest: id, isInOrder: true };
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

function inOrder(page: Page): Iterable<SessionRecord> {
  const { records } = page;
  if (!page.isInOrder) {
    const sorted = [...records.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    records.clear();
    for (const record of sorted) records.set(record.id, record);
    page.isInOrder = true;
  }
  return records.values();
}
