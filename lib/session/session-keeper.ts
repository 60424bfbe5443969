import { type ComponentCatalog } from '../components/component-catalog.js';
import { type ComponentStates } from '../components/component-states.js';
import { type Session } from './session.js';
import { type SessionEndReason } from './session-expiration.js';

/** The strength of a login. */
export interface LoginOptions {
  /** In the application's own words: `password`, `mfa`, … `@RequireSession({ level })` asks for it. */
  readonly level?: string;
}

/** Who logs in, and how strongly. */
export interface Login {
  readonly principal: string;
  readonly level: string | undefined;
}

/** What a session asks of the site that keeps it. */
export interface SessionKeeper {
  readonly catalog: ComponentCatalog;
  /** Unix seconds. */
  now(): number;
  /** An offered session was used: from now on it is kept. */
  keep(session: Session): void;
  touch(session: Session): boolean;
  retime(session: Session, sessionTimeout: number): void;
  save(session: Session): Promise<void>;
  /** @param find the component, which may be another one when its turn comes */
  update<C extends object, R>(
    session: Session,
    find: () => C,
    change: (component: C) => R,
  ): Promise<Awaited<R>>;
  rotate(session: Session, login?: Login): Promise<void>;
  end(session: Session, reason: SessionEndReason): Promise<void>;
  /** Keeps the live object, which nobody else may hold, for as long as somebody waits for its end. */
  hold(session: Session): void;
  /** The states of its components, made on first use. */
  statesOf(session: Session): ComponentStates;
  /** Reports what a callback threw. */
  report(error: unknown): void;
}
