import { BareIds } from './bare-ids.mjs';

const PAGE = 8192;

const IDLE = 900;
const ABSOLUTE = 2_592_000;

/**
 * The least that sessions in memory can be made of: a uid and a handle, a Map by uid, pages in the order of
 * creation, a clock, two time-outs that everybody goes by who finds or touches a session, a Map of components each,
 * a text of each state to see later whether it was changed, and an event that whoever asks late is told, too. It has
 * no options, no logins and one callback.
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
    const record = {
      id: this.#ids.id(now),
      createdAt: now,
      lastModified: now,
      sessionTimeout: IDLE,
      absoluteTimeout: ABSOLUTE,
      principal: undefined,
      ended: undefined,
      page: this.#roomyPage(),
    };
    const uid = this.#ids.uid();
    const session = {
      uid,
      record,
      components: undefined,
      callback: undefined,
      expiration: undefined,
    };
    this.#byUid.set(uid, session);
    record.page.sessions.push(session);
    return session;
  }

  find(uid) {
    const session = this.#byUid.get(uid);
    if (session === undefined || !this.#isOver(session, this.now())) return session;
  }

  touch(session) {
    const now = this.now();
    if (this.#isOver(session, now)) return false;
    const { record } = session;
    if (now > record.lastModified) record.lastModified = now;
    return true;
  }

  componentOf(session, type, build) {
    const component = session.components?.get(type);
    if (component !== undefined) return component;
    session.components ??= new Map();
    const built = build(session);
    session.components.set(type, built);
    return built;
  }

  /** The same of one with a state: its text is kept, and that it was asked for, so that it may be changed by now. */
  statefulOf(session, type, build) {
    const kept = this.componentOf(session, type, () => {
      const component = build(session);
      return { component, text: JSON.stringify(component.state), isAsked: true };
    });
    kept.isAsked = true;
    return kept.component;
  }

  end(session, reason, at = this.now()) {
    const { record } = session;
    if (record.ended !== undefined) return;
    record.ended = reason;
    const { page, id } = record;
    record.page = undefined;
    this.#byUid.delete(session.uid);
    // To take one out of a page costs its length, so it is done for many at once.
    if (++page.ended * 2 > page.sessions.length) this.#tidy(page);
    session.expiration = { eventId: `${id}:ended`, id, reason, at, session };
    session.callback?.(session.expiration);
  }

  #isOver(session, now) {
    const { ended, lastModified, sessionTimeout, createdAt, absoluteTimeout } = session.record;
    if (ended !== undefined) return true;
    if (now < Math.min(lastModified + sessionTimeout, createdAt + absoluteTimeout)) return false;
    this.end(session, 'idle', now);
    return true;
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
