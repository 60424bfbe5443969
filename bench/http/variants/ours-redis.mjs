import { RedisSessionStore } from '../../dist/redis/index.js';
import { createWith } from './ours.mjs';

/** This library with sessions in Redis. */
export function create(framework, url) {
  return createWith(framework, { store: new RedisSessionStore({ url, prefix: 'bench' }) });
}
