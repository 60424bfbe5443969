/** The options that the model and the application run by. */
export const RULES = { sessionTimeout: 15, absoluteTimeout: 40, limit: 2 } as const;

export interface ModelEnd {
  readonly session: ModelSession;
  readonly reason: string;
  readonly at: number;
}

/** What is promised of one session, in plain numbers. */
export class ModelSession {
  idle: number = RULES.sessionTimeout;
  loggedInAt: number | undefined;
  principal: string | undefined;
  /** When it logged in, among all logins. */
  turn = 0;
  count = 0;
  end: ModelEnd | undefined;
  /** Sessions that a callback on its end ends, too. */
  readonly chained: ModelSession[] = [];

  constructor(
    readonly createdAt: number,
    public touchedAt = createdAt,
  ) {}

  get absoluteEnd(): number {
    return (this.loggedInAt ?? this.createdAt) + RULES.absoluteTimeout;
  }

  get deadline(): number {
    return Math.min(this.touchedAt + this.idle, this.absoluteEnd);
  }
}

/** What is promised of all sessions: no timers, no store, nothing but the rules. */
export class Model {
  now = 0;
  readonly sessions: ModelSession[] = [];
  readonly ends: ModelEnd[] = [];
  #turns = 0;

  make(): ModelSession {
    const session = new ModelSession(this.now);
    this.sessions.push(session);
    return session;
  }

  /** Whether a session is alive; one that is overdue ends as it is looked at. */
  isAlive(session: ModelSession): boolean {
    if (session.end !== undefined) return false;
    if (this.now < session.deadline) return true;
    this.#close(session, overdueReason(session));
    return false;
  }

  /** Whether it was this that ended the session. */
  expire(session: ModelSession, reason: string): boolean {
    if (!this.isAlive(session)) return false;
    this.#close(session, reason);
    return true;
  }

  chain(session: ModelSession, other: ModelSession): void {
    if (session.end === undefined) session.chained.push(other);
    else this.expire(other, 'chained');
  }

  touch(session: ModelSession): boolean {
    if (!this.isAlive(session)) return false;
    session.touchedAt = this.now;
    return true;
  }

  retime(session: ModelSession, seconds: number): void {
    if (!this.touch(session)) return;
    session.idle = Math.min(seconds, session.absoluteEnd - this.now);
  }

  login(session: ModelSession, principal: string): boolean {
    if (!this.isAlive(session)) return false;
    const rivals = this.of(principal).filter((other) => other !== session);
    if (!this.isAlive(session)) return false;
    session.principal = principal;
    session.loggedInAt = this.now;
    session.turn = ++this.#turns;
    const tooMany = Math.max(0, rivals.length + 1 - RULES.limit);
    for (const rival of rivals.slice(0, tooMany)) this.expire(rival, 'limit');
    return true;
  }

  expireAll(principal: string, except?: ModelSession): number {
    const doomed = this.of(principal).filter((session) => session !== except);
    return doomed.filter((session) => this.expire(session, 'revoked')).length;
  }

  /** The living sessions of a principal, the earliest login first. */
  of(principal: string): ModelSession[] {
    const own = this.sessions.filter((session) => session.principal === principal);
    own.sort((a, b) => a.turn - b.turn);
    for (const session of own) this.isAlive(session);
    return own.filter((session) => session.end === undefined);
  }

  /** Lets time pass, and whatever is due end at its deadline. */
  advance(seconds: number): void {
    const until = this.now + seconds;
    for (;;) {
      const alive = this.sessions.filter((session) => session.end === undefined);
      const [first] = alive.sort((a, b) => a.deadline - b.deadline);
      if (first === undefined || first.deadline > until) break;
      this.now = Math.max(this.now, first.deadline);
      this.isAlive(first);
    }
    this.now = until;
  }

  #close(session: ModelSession, reason: string): void {
    session.end = { session, reason, at: this.now };
    this.ends.push(session.end);
    for (const other of session.chained) this.expire(other, 'chained');
  }
}

function overdueReason(session: ModelSession): string {
  return session.absoluteEnd <= session.touchedAt + session.idle ? 'absolute' : 'idle';
}
