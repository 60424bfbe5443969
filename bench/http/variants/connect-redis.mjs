import { RedisStore } from 'connect-redis';
import { createClient } from 'redis';

/** connect-redis on the client that it recommends, with its defaults. */
export async function connectRedis(url) {
  const client = await createClient({ url }).connect();
  return new RedisStore({ client });
}
