import 'reflect-metadata';
import { serve } from '../support/serve.mjs';

/**
 * One variant on one framework, perhaps with a store at a URL, listening on a free port; asked for
 * anything, it tells its CPU time.
 */
const [framework, variant, storeUrl] = process.argv.slice(2);
const { create } = await import(`./variants/${variant}.mjs`);
const app = await create(framework, storeUrl);
await app.listen(0, '127.0.0.1');
const server = app.getHttpServer();
// While the other side has its turn, nothing comes: the connections are to stay.
server.keepAliveTimeout = 0;
serve(server.address().port, () => {
  const { user, system } = process.cpuUsage();
  return user + system;
});
