export { adapt } from './componentized/adapt.js';
export { type AdapterFactory } from './componentized/adapter-factory.js';
export { AdapterRegistry } from './componentized/adapter-registry.js';
export { CannotAdaptError, DuplicateAdapterError } from './componentized/adapter.errors.js';
export { type ComponentToken } from './componentized/component-token.js';
export { Componentized } from './componentized/componentized.js';
export {
  SessionComponent,
  type SessionComponentOptions,
} from './componentized/session-component.decorator.js';
export { type StandardSchema } from './componentized/standard-schema.js';
export { State } from './componentized/state.decorator.js';
export { SessionError } from './errors/session.error.js';
export {
  NoCurrentSessionError,
  SessionComponentError,
  SessionConflictError,
  SessionExpiredError,
  SessionHeadersSentError,
  SessionLimitError,
  SessionNotFoundError,
  SessionNotLoadedError,
  SessionOptionError,
  SessionRequiredError,
  SessionStateError,
  SessionStoreUnavailableError,
  SessionTooLargeError,
} from './errors/session.errors.js';
export {
  OnSessionExpire,
  type OnSessionExpireOptions,
} from './expiry/on-session-expire.decorator.js';
export { RequireSession } from './guard/require-session.decorator.js';
export { type SessionRequirement } from './guard/session-requirement.js';
export { SessionGuard } from './guard/session.guard.js';
export { type SessionCookieOptions } from './http/cookie-options.js';
export { InjectSession, type InjectSessionOptions } from './injection/inject-session.decorator.js';
export { NodeReactor } from './reactor/node.reactor.js';
export { AlreadyCalledError, AlreadyCancelledError } from './reactor/reactor.errors.js';
export { type DelayedCall, Reactor } from './reactor/reactor.js';
export { SchedulerReactor } from './reactor/scheduler.reactor.js';
export { type SessionModuleOptions } from './session-options.js';
export {
  SessionModule,
  type SessionRootAsyncOptions,
  type SessionRootOptions,
} from './session.module.js';
export { RandomSource } from './session/random-source.js';
export { type SessionEndReason, type SessionExpiration } from './session/session-expiration.js';
export { type LoginOptions } from './session/session-keeper.js';
export { Session } from './session/session.js';
export {
  type ExpireAllOptions,
  type SessionInfo,
  SessionService,
} from './session/session.service.js';
export { ExpirationWork, type ExpirationWorker } from './store/expiration-work.js';
export { MemorySessionStore } from './store/memory.store.js';
export { type SessionRecord, type StoredComponent } from './store/session-record.js';
export {
  type ComponentChange,
  type PrincipalLimit,
  type SessionChange,
  type SessionCommit,
  SessionDirectory,
  type SessionEnd,
  type SessionFilter,
  SessionStore,
  type SessionStoreSettings,
} from './store/session.store.js';
