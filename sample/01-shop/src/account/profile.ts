import { Reactor, SessionComponent, State } from 'nestjs-live-session';

/** Who is behind a session, and on which device. */
@SessionComponent()
export class Profile {
  @State() name = '';
  @State() device = '';
  /** When they logged in. */
  @State() since = 0;

  constructor(private readonly reactor: Reactor) {}

  arrive(name: string, userAgent = ''): void {
    this.name = name;
    this.device = `${named(BROWSERS, userAgent)} on ${named(SYSTEMS, userAgent)}`;
    this.since = this.reactor.seconds();
  }
}

// What to look for, and its name. The first counts: Edge also says Chrome, Android also says Linux.
const BROWSERS = {
  Firefox: 'Firefox',
  Edg: 'Edge',
  OPR: 'Opera',
  Chrome: 'Chrome',
  Safari: 'Safari',
};
const SYSTEMS = { iP: 'iOS', Android: 'Android', Windows: 'Windows', Mac: 'macOS', Linux: 'Linux' };

function named(names: Record<string, string>, userAgent: string): string {
  const found = Object.entries(names).find(([mark]) => userAgent.includes(mark));
  return found?.[1] ?? 'something else';
}
