import { type ComponentCatalog } from '../components/component-catalog.js';
import { type ComponentStates } from '../components/component-states.js';
import { type LiveState } from './live-state.js';
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
  keep(live: LiveState): void;
  touch(live: LiveState): boolean;
  retime(live: LiveState, sessionTimeout: number): void;
  save(live: LiveState): Promise<void>;
  update<R>(live: LiveState, component: object, change: () => R): Promise<Awaited<R>>;
  rotate(live: LiveState, login?: Login): Promise<void>;
  end(live: LiveState, reason: SessionEndReason): Promise<void>;
  /** Keeps the live object, which nobody else may hold, for as long as somebody waits for its end. */
  hold(live: LiveState): void;
  /** The states of its components, made on first use. */
  statesOf(live: LiveState): ComponentStates;
  /** Reports what a callback threw. */
  report(error: unknown): void;
}
