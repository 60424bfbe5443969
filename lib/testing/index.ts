export { Clock } from './clock.js';
export { inSession } from './in-session.js';
export { sessionFrom, type TestResponse } from './session-from.js';
export { sessionCookie, sessionHeaders, type TestConnection } from './session-headers.js';
export { signIn, startSession, type TestSession, type TestSessionOptions } from './sign-in.js';
export {
  describeSessionStore,
  type SessionStoreSuiteOptions,
} from './store-suite/describe-session-store.js';
export { type SessionStoreFactory, type SessionStoreFixture } from './store-suite/store-fixture.js';
export { type TestRunner } from './store-suite/test-runner.js';
export { type TestedApp } from './tested-app.js';
