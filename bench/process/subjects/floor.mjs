import { BareSessions } from '../../support/bare-sessions.mjs';

class Quote {
  constructor(session, prices) {
    this.session = session;
    this.prices = prices;
  }
}

class Cart extends Quote {
  items = [];

  get state() {
    return { items: this.items };
  }
}

/** What the operations of the others are made of, where all that could be left out is. */
export function create() {
  const all = new BareSessions();
  const prices = {};
  const quoteOf = (session) => new Quote(session, prices);
  const cartOf = (session) => new Cart(session, prices);

  // What may be elsewhere is waited for, as in every library whose sessions can be in a store.
  async function make(into) {
    for (let i = 0; i < into.length; i++) into[i] = await Promise.resolve(all.make());
  }

  async function find(uids) {
    for (const uid of uids) all.touch(await Promise.resolve(all.find(uid)));
  }

  function touch(sessions) {
    for (const session of sessions) all.touch(session);
  }

  function notify(sessions) {
    for (const session of sessions) session.callback = () => {};
  }

  async function end(sessions) {
    for (const session of sessions) await Promise.resolve(all.end(session, 'logout'));
  }

  function quotes(sessions) {
    for (const session of sessions) all.componentOf(session, Quote, quoteOf);
  }

  function carts(sessions) {
    for (const session of sessions) all.statefulOf(session, Cart, cartOf);
  }

  return {
    make,
    find,
    touch,
    notify,
    end,
    components: { 'without state': quotes, 'with state': carts },
    clock: (items) => {
      for (let i = 0; i < items.length; i++) all.now();
    },
    uidOf: ({ uid }) => uid,
    count: () => all.size,
    close() {},
  };
}
