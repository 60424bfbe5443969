import { BareIds } from './bare-ids.mjs';

const PAGE = 8192;

/**
 * The least that sessions in memory can be made of: a uid and a handle, a Map by uid, pages in the order of
 * creation, a clock, and a Map of components each. It has no rules and no options, and tells one callback of an end.
 */
export class BareSessions {
  #byUid = new Map();
  #pages = new Set();
  #page = { sessions: [], ended: 0 };
  #origin = Date.now() - performance.now();
  #ids = new BareIds();

  get size() {
    return this.#byUid.size;
  }

  /** Unix seconds, of a clock that never goes back. */
  now() {
    return (this.#origin + performance.now()) / 1000;
  }

  make() {
    const now = this.now();
    const record = { id: this.#ids.id(now), lastModified: now, page: this.#roomyPage() };
    const session = { uid: this.#ids.uid(), record, components: undefined, callback: undefined };
    this.#byUid.set(session.uid, session);
    record.page.sessions.push(session);
    return session;
  }

  find(uid) {
    return this.#byUid.get(uid);
  }

  touch({ record }) {
    const now = this.now();
    if (now > record.lastModified) record.lastModified = now;
  }

  componentOf(session, type, build) {
    const component = session.components?.get(type);
    if (component !== undefined) return component;
    session.components ??= new Map();
    const built = build(session);
    session.components.set(type, built);
    return built;
  }

  end(session) {
    const { page } = session.record;
    session.record.page = undefined;
    this.#byUid.delete(session.uid);
    // To take one out of a page costs its length, so it is done for many at once.
    if (++page.ended * 2 > page.sessions.length) this.#tidy(page);
    session.callback?.();
  }

  #roomyPage() {
    if (this.#page.sessions.length < PAGE) return this.#page;
    this.#pages.add(this.#page);
    return (this.#page = { sessions: [], ended: 0 });
  }

  #tidy(page) {
    page.sessions = page.sessions.filter(({ record }) => record.page !== undefined);
    page.ended = 0;
    if (page.sessions.length === 0) this.#pages.delete(page);
  }
}
