import { RandomSource, type Reactor, type SessionStoreSettings } from 'nestjs-live-session';
import { randomBytes } from 'node:crypto';

class TestRandomSource extends RandomSource {
  token(bytes: number): string {
    return randomBytes(bytes).toString('base64url');
  }
}

/** What an application would start a store with. */
export function storeSettings(
  reactor: Reactor,
  given: Partial<SessionStoreSettings> = {},
): SessionStoreSettings {
  return {
    reactor,
    random: new TestRandomSource(),
    maxSessions: undefined,
    maxPerPrincipal: undefined,
    ...given,
  };
}
