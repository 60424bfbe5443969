import { serve } from '../support/serve.mjs';
import { Client } from './client.mjs';

/**
 * The load generator: keeps connections alive, each with a session cookie of its own, and sends the
 * next request when the answer to the last one is there.
 */
const CONNECTIONS = 50;

/** The connections to each server, by its port. */
const clients = new Map();

async function open({ port, login, cookie }) {
  const opened = Array.from({ length: CONNECTIONS }, () => new Client(port));
  clients.set(port, opened);
  if (cookie !== undefined) for (const client of opened) client.keepCookie(cookie);
  if (login === undefined) return;
  for (const client of opened) {
    await client.get(login);
    if (client.cookie === undefined) throw new Error(`${login} has set no cookie.`);
    client.keepCookie(client.cookie);
  }
}

/** How many answers came in how many seconds, and the last of them to look at. */
async function load({ port, path, seconds }) {
  const start = performance.now();
  const end = start + seconds * 1000;
  let answers = 0;
  let last = '';
  const worker = async (client) => {
    while (performance.now() < end) {
      last = await client.get(path);
      answers++;
    }
  };
  await Promise.all(clients.get(port).map(worker));
  return { answers, seconds: (performance.now() - start) / 1000, last };
}

function close({ port }) {
  for (const client of clients.get(port)) client.close();
  clients.delete(port);
}

const DOES = { open, load, close };
serve('ready', async ({ what, ...question }) => (await DOES[what](question)) ?? 'done');
