import { type Awaitable } from '../awaitable.js';
import { type RedisShard } from './redis-shard.js';
import { scriptOf } from './script.js';
import { GIVE_UP } from './scripts/give-up.js';

/** How long it is known that something was done, in seconds. */
const MEMORY = 7 * 86_400;

const GIVE_UP_SCRIPT = scriptOf(GIVE_UP);

/** Where nodes tell each other that something is done under a name, and how. */
export interface OncePlace {
  readonly shard: RedisShard;
  /** Tells whoever does it now from all others, on this node and elsewhere. */
  readonly token: string;
  /** After how many seconds whoever has begun counts as crashed. */
  readonly lease: number;
}

/** Runs a function, unless that was done before under this name on any node. What fails may be run again. */
export async function runOnce(
  name: string,
  run: () => Awaitable<unknown>,
  { shard: { link, keys }, token, lease }: OncePlace,
): Promise<boolean> {
  const key = keys.once(name);
  const begun = `begun ${token}`;
  const milliseconds = String(Math.round(lease * 1000));
  if ((await link.send(key, ['SET', key, begun, 'NX', 'PX', milliseconds])) === null) {
    if ((await link.send(key, ['GET', key])) === 'done') return false;
    throw new Error(
      `${name} is being done elsewhere; try again when that has succeeded or failed.`,
    );
  }
  try {
    await run();
  } catch (error) {
    // Where the server cannot be told now, it may be begun again once the lease is over.
    await link.run(GIVE_UP_SCRIPT, [...keys.common, key, key], [begun]).catch(() => {});
    throw error;
  }
  // Also where that took longer than the lease: it was done, whatever comes of who has begun since.
  await link.send(key, ['SET', key, 'done', 'EX', String(MEMORY)]);
  return true;
}
