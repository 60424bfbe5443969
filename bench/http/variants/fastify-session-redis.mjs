import { createWith } from './fastify-session.mjs';
import { connectRedis } from './connect-redis.mjs';

/** @fastify/session with connect-redis. */
export async function create(framework, url) {
  return createWith(framework, await connectRedis(url));
}
