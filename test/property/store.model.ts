/** The settings that the model and the stores run by; seconds. */
export const RULES = { sessionTimeout: 15, absoluteTimeout: 40, limit: 2 } as const;

/** What a session of a store has to be, in plain numbers: seconds since the game began. */
export class ModelSession {
  touchedAt: number;
  idle: number = RULES.sessionTimeout;
  loggedInAt: number | undefined;
  principal: string | undefined;
  /** When it logged in, among all logins. */
  turn = 0;
  /** Why it has ended, or must have once somebody looks. */
  over: string | undefined;
  readonly parts = new Map<string, string>();

  /** @param keys every key that it ever had; the last is the one */
  constructor(
    readonly id: string,
    readonly keys: string[],
    readonly createdAt: number,
  ) {
    this.touchedAt = createdAt;
  }

  get key(): string {
    return this.keys.at(-1) ?? '';
  }

  get absoluteEnd(): number {
    return (this.loggedInAt ?? this.createdAt) + RULES.absoluteTimeout;
  }

  get deadline(): number {
    return Math.min(this.touchedAt + this.idle, this.absoluteEnd);
  }
}

/** All sessions of a store, wherever they are changed: no nodes, no timers, nothing but the rules. */
export class StoreModel {
  now = 0;
  readonly sessions: ModelSession[] = [];
  #turns = 0;

  get alive(): readonly ModelSession[] {
    return this.sessions.filter(({ over }) => over === undefined);
  }

  make(id: string, key: string): void {
    this.sessions.push(new ModelSession(id, [key], this.now));
  }

  /** Lets time pass: what is overdue from then on cannot come back, whoever notices. */
  travel(seconds: number): void {
    this.now += seconds;
    for (const session of this.alive) {
      if (this.now >= session.deadline) session.over = overdueReason(session);
    }
  }

  touch(session: ModelSession): void {
    session.touchedAt = Math.max(session.touchedAt, this.now);
  }

  write(session: ModelSession, part: string, text: string | undefined): void {
    if (text === undefined) session.parts.delete(part);
    else session.parts.set(part, text);
  }

  login(session: ModelSession, principal: string): void {
    session.principal = principal;
    session.loggedInAt = this.now;
    session.turn = ++this.#turns;
    const rivals = this.of(principal).filter((other) => other !== session);
    for (const rival of rivals.slice(0, rivals.length + 1 - RULES.limit)) rival.over = 'limit';
  }

  endAll(principal: string, reason: string, spared: ModelSession | undefined): void {
    for (const session of this.of(principal)) if (session !== spared) session.over = reason;
  }

  /** The living sessions of a principal, the earliest login first. */
  of(principal: string): readonly ModelSession[] {
    const own = this.alive.filter((session) => session.principal === principal);
    return [...own].sort((a, b) => a.turn - b.turn);
  }
}

function overdueReason(session: ModelSession): string {
  return session.absoluteEnd <= session.touchedAt + session.idle ? 'absolute' : 'idle';
}
