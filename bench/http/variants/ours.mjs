import { controller } from '../../support/decorate.mjs';
import { InjectSession, SessionModule } from '../../support/library.mjs';
import { appOf } from './app.mjs';
import { Visits } from './visits.mjs';

class Ours {
  plain() {
    return { visits: 1 };
  }

  session(session) {
    return { visits: session.isNew ? 0 : 1 };
  }

  read(visits) {
    return { visits: visits.count };
  }

  write(visits) {
    return { visits: ++visits.count };
  }
}

/** This library, injected into parameters of handlers. */
export function create(framework) {
  return createWith(framework, {});
}

/** The same with more options. */
export function createWith(framework, options) {
  const routes = {
    plain: [],
    session: [InjectSession()],
    read: [InjectSession(Visits)],
    write: [InjectSession(Visits)],
  };
  return appOf(framework, {
    imports: [
      SessionModule.forRoot(900, { ...options, cookie: { secure: false } }),
      SessionModule.forFeature([Visits]),
    ],
    controllers: [controller(Ours, routes)],
  });
}
