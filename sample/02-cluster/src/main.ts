import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { freePort } from '../../01-shop/src/free-port.js';
import { RedisServer } from './cluster/redis-server.js';
import { FrontModule } from './front.module.js';

if (!process.env.REDIS_URL && !RedisServer.isInstalled) {
  console.error(`
  There is no redis-server on the PATH. Install Redis 6.2 or later, or give the address of one:

    REDIS_URL=redis://127.0.0.1:6379 npm start -- 02-cluster
`);
  process.exit(1);
}

const app = await NestFactory.create(FrontModule, {
  logger: ['warn', 'error', 'fatal'],
  bodyParser: false, // bodies are for the nodes
  forceCloseConnections: true, // the pages' event streams would keep it open
});
app.enableShutdownHooks();
const port = await freePort(Number(process.env.PORT ?? 3000));
await app.listen(port, '127.0.0.1'); // whoever reaches it may kill the nodes

console.log(`
  The shop is open at http://localhost:${port}, on three nodes.

  Open it in two tabs, log in, and kill the node that a tab hangs on.
  Then stop Redis, try to buy something, and start it again.
  IDLE=20 makes sessions end after 20 idle seconds; PORT chooses the port.
`);
