import { createWith } from './express-session.mjs';
import { connectRedis } from './connect-redis.mjs';

/** express-session with connect-redis. */
export async function create(framework, url) {
  return createWith(framework, await connectRedis(url));
}
