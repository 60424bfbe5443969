/**
 * What was acknowledged, and what that forbids. An operation without an answer was done or not; so it
 * allows more, and forbids nothing.
 */
export class Ledger {
  sessions = new Map();
  violations = [];
  acknowledged = 0;
  unknown = 0;
  events = 0;

  constructor(idle) {
    this.idle = idle * 1000;
  }

  made({ id, uid }, begun) {
    this.sessions.set(id, {
      id,
      uid,
      touched: begun,
      counted: 0,
      tried: 0,
      isEnding: false,
      endedAt: undefined,
      rotating: 0,
      isAdrift: false,
      told: new Map(),
      history: [],
    });
  }

  /** An operation is about to be asked for. */
  begin(session, operation) {
    if (operation === 'count') session.tried += 1;
    if (operation === 'end') session.isEnding = true;
    if (operation !== 'rotate') return;
    // Of two at the same time nobody can tell which uid is the last.
    session.isAdrift ||= session.rotating > 0;
    session.rotating += 1;
  }

  /** It was answered; `undefined` says that there was no such session. */
  answered(session, operation, uid, begun, answer) {
    this.acknowledged += 1;
    session.history.push({ operation, begun, over: Date.now(), answer });
    // One that failed may have been done all the same, so it never counts as over.
    if (operation === 'rotate') session.rotating -= 1;
    if (answer === undefined) return this.#absent(session, uid);
    if (session.endedAt !== undefined && session.endedAt < begun) this.#violate('revived', session);
    if (operation === 'end') {
      session.endedAt = Date.now();
      return;
    }
    session.touched = Math.max(session.touched, operation === 'rotate' ? 0 : begun);
    if (operation === 'rotate') session.uid = answer.uid;
    if (operation === 'count') session.counted += 1;
    if (answer.count !== undefined && answer.count > session.tried) {
      this.#violate(`counted ${answer.count} of ${session.tried}`, session);
    }
  }

  /** Nobody knows whether it was done. */
  failed(session, problem) {
    this.unknown += 1;
    session.history.push({ problem, over: Date.now() });
    const known = /^SESSION_(STORE_UNAVAILABLE|EXPIRED|CONFLICT)$|^node died$/;
    if (!known.test(problem)) this.#violate(`failed with ${problem}`, session);
  }

  /** A node in one of its lives has told of an end. */
  told(life, { id, reason, at, count }) {
    this.events += 1;
    const session = this.sessions.get(id);
    if (life.told.has(id)) this.violations.push(`second event on a node: ${id} ${reason}`);
    life.told.add(id);
    if (session === undefined) return;
    session.told.set(reason, at);
    session.at ??= at * 1000;
    session.endedAt ??= Date.now();
    if (session.told.size > 1)
      this.#violate(`ended as ${[...session.told.keys()].join(' and ')}`, session);
    if (reason === 'logout' ? !session.isEnding : reason !== 'idle') {
      this.#violate(`ended as ${reason} by nobody`, session);
    }
    if (reason === 'idle' && at * 1000 < session.touched + this.idle - 2) {
      this.#violate(`early by ${session.touched + this.idle - at * 1000} ms`, session);
    }
    if (count < session.counted) this.#violate(`lost: ${count} of ${session.counted}`, session);
  }

  /** What is not told after all is over. */
  missing(lives) {
    const missing = [];
    for (const session of this.sessions.values()) {
      if (session.told.size === 0) missing.push(`${session.id} on every node`);
      for (const life of lives) {
        if (session.at > life.ready && !life.told.has(session.id)) {
          missing.push(`${session.id} on a node`);
        }
      }
    }
    return missing;
  }

  /** Sessions that were not found, though they were alive still: told once their ends are known. */
  denied() {
    return [...this.sessions.values()].filter(({ absentAt, at }) => absentAt < at - 2);
  }

  #absent(session, uid) {
    // Where another uid may have been given to it, this one says nothing.
    const isKnown = session.rotating === 0 && !session.isAdrift;
    if (isKnown && session.uid === uid) session.absentAt ??= Date.now();
  }

  #violate(what, { id }) {
    this.violations.push(`${what}: ${id}`);
  }
}
