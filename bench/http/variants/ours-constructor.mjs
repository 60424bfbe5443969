import { controller } from '../../support/decorate.mjs';
import { SessionModule } from '../../support/library.mjs';
import { appOf } from './app.mjs';
import { Visits } from './visits.mjs';

class OursByConstructor {
  constructor(visits) {
    this.visits = visits;
  }

  plain() {
    return { visits: 1 };
  }

  read() {
    return { visits: this.visits.count };
  }

  write() {
    return { visits: ++this.visits.count };
  }
}

/** This library, injected into a constructor: every request runs in an AsyncLocalStorage context. */
export function create(framework) {
  return appOf(framework, {
    imports: [
      SessionModule.forRoot(900, { cookie: { secure: false } }),
      SessionModule.forFeature([Visits]),
    ],
    controllers: [controller(OursByConstructor, { plain: [], read: [], write: [] }, [Visits])],
  });
}
