import { Inject } from '@nestjs/common';
import { boot } from '../../support/boot.mjs';
import {
  Session,
  SessionComponent,
  SessionModule,
  SessionService,
  State,
} from '../../support/library.mjs';

class Prices {}

/** A component with two dependencies that the container injects, and no state. */
class Quote {
  constructor(session, prices) {
    this.session = session;
    this.prices = prices;
  }
}

/** The same with a state, which is read and compared. */
class Cart extends Quote {
  items = [];
}

for (const type of [Quote, Cart]) {
  Inject(Session)(type, undefined, 0);
  Inject(Prices)(type, undefined, 1);
}
State()(Cart.prototype, 'items');
SessionComponent()(Quote);
SessionComponent()(Cart);

/** This library, by what it exports: sessions are made and found through `SessionService`. */
export async function create() {
  const app = await boot({
    imports: [SessionModule.forRoot(900), SessionModule.forFeature([Quote, Cart])],
    providers: [Prices],
    exports: [Prices],
  });
  const service = app.get(SessionService);

  async function make(into) {
    for (let i = 0; i < into.length; i++) into[i] = await service.makeSession();
  }

  async function find(uids) {
    for (const uid of uids) (await service.getSession(uid)).touch();
  }

  function touch(sessions) {
    for (const session of sessions) session.touch();
  }

  function notify(sessions) {
    for (const session of sessions) session.notifyOnExpire(() => {});
  }

  async function end(sessions) {
    for (const session of sessions) await session.expire();
  }

  const component = (type) => (sessions) => {
    for (const session of sessions) session.getComponent(type);
  };

  return {
    make,
    find,
    touch,
    notify,
    end,
    components: { 'without state': component(Quote), 'with state': component(Cart) },
    uidOf: (session) => session.uid,
    count: () => service.count(),
    close: () => app.close(),
  };
}
