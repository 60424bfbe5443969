import { promisify } from 'node:util';
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
    const answer = await promisify(client.get.bind(client))(login);
    const given = /set-cookie: ([^;\r]+)/i.exec(answer)?.[1];
    if (given === undefined) throw new Error(`${login} has set no cookie.`);
    client.keepCookie(given);
  }
}

/**
 * How many answers came in how many seconds, and the body of the last of them to look at.
 *
 * Where it has a core to itself it does not sleep meanwhile: to wake it is work that the system does for
 * whoever writes to it, so the slower of two servers would pay that more often, over and above its own.
 */
async function load({ port, path, seconds, isAlone }) {
  const start = performance.now();
  const end = start + seconds * 1000;
  const stayAwake = () => performance.now() < end && setImmediate(stayAwake);
  if (isAlone) stayAwake();
  let answers = 0;
  let last = '';
  // No promise for each request: what the generator does takes time from nobody but the servers.
  const work = (client) =>
    new Promise((resolve, reject) => {
      const onAnswer = (error, answer) => {
        if (error) return reject(error);
        answers++;
        last = answer;
        if (performance.now() < end) client.get(path, onAnswer);
        else resolve();
      };
      client.get(path, onAnswer);
    });
  await Promise.all(clients.get(port).map(work));
  const body = last.slice(last.indexOf('\r\n\r\n'));
  return { answers, seconds: (performance.now() - start) / 1000, last: body };
}

function close({ port }) {
  for (const client of clients.get(port)) client.close();
  clients.delete(port);
}

const DOES = { open, load, close };
serve('ready', async ({ what, ...question }) => (await DOES[what](question)) ?? 'done');
