export { type RedisClient } from './redis-client.js';
export { type RedisState } from './redis-health.js';
export { type RedisSentinelAddress, type RedisStoreOptions } from './redis-options.js';
export { RedisSessionStore } from './redis.store.js';
