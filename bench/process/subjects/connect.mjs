import session from 'express-session';

/** How many calls of a store are under way at once: what it defers, it defers for all of them. */
const BATCH = 1000;

/** What express-session does with a store, without the HTTP around it. A session is known by its uid. */
export function subjectOf(store) {
  session({
    store,
    secret: 'a secret of the benchmarks',
    resave: false,
    saveUninitialized: false,
    cookie: { maxAge: 900_000 },
  });

  const make = (into) =>
    inBatches(into, (_, index, done) => {
      const request = {};
      store.generate(request);
      into[index] = request.sessionID;
      store.set(request.sessionID, request.session, done);
    });

  const find = (uids) =>
    inBatches(uids, (uid, _, done) =>
      store.load(uid, (error, found) => {
        if (error || !found) throw error ?? new Error('The session is lost.');
        found.touch();
        store.touch(uid, found, done);
      }),
    );

  const end = (uids) => inBatches(uids, (uid, _, done) => store.destroy(uid, done));

  const count = () =>
    new Promise((resolve, reject) =>
      store.length((error, length) => (error ? reject(error) : resolve(length))),
    );

  return { make, find, end, uidOf: (uid) => uid, count, close() {} };
}

async function inBatches(items, work) {
  for (let from = 0; from < items.length; from += BATCH) {
    const to = Math.min(items.length, from + BATCH);
    await new Promise((resolve, reject) => {
      let left = to - from;
      const done = (error) => {
        if (error) reject(error);
        else if (--left === 0) resolve();
      };
      for (let index = from; index < to; index++) work(items[index], index, done);
    });
  }
}
