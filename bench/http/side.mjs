import { fileURLToPath } from 'node:url';
import { CORES, start } from '../support/child.mjs';

const SERVER = fileURLToPath(new URL('server.mjs', import.meta.url));

/** What a server without sessions is sent, so that it parses as much as the other side does. */
const COOKIE = `sid=${'A'.repeat(43)}`;

/** A server of its own for one side, and its clients. */
export async function open(framework, side, load, store) {
  const args = [framework, side.variant, ...(store ? [store.url] : [])];
  const server = await start(SERVER, { args, core: 'measured' });
  const port = server.ready;
  const { path, login, hasCookie } = side;
  const isAlone = CORES !== undefined && !(store && CORES.store === CORES.load);

  async function close() {
    await load.ask({ what: 'close', port });
    server.stop();
  }

  async function measure(seconds) {
    const storeBefore = await store?.usage();
    const before = await server.ask('cpu');
    const asked = await load.ask({ what: 'load', port, path, seconds, isAlone });
    const spent = (await server.ask('cpu')) - before;
    check(side, asked.last);
    const { answers } = asked;
    return {
      answers,
      perSecond: answers / asked.seconds,
      microseconds: spent / answers,
      busy: spent / 1e6 / asked.seconds,
      ...(store && { store: store.since(storeBefore, await store.usage()) }),
    };
  }

  try {
    await load.ask({ what: 'open', port, login, cookie: hasCookie ? COOKIE : undefined });
  } catch (error) {
    server.stop();
    throw error;
  }
  return { measure, close };
}

/** A session that was lost, or never kept, would be fast. */
function check({ variant, path, login }, body) {
  const { visits } = JSON.parse(body);
  const least = login !== undefined && path === '/write' ? 2 : 1;
  if (visits >= least) return;
  throw new Error(`${variant} answers ${body} to ${path}: it has not kept the session.`);
}
