import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import { freePort } from './free-port.js';

const app = await NestFactory.create(AppModule, {
  logger: ['warn', 'error'],
  forceCloseConnections: true, // the pages' event streams would keep it open
});
app.enableShutdownHooks();
await app.listen(await freePort(Number(process.env.PORT ?? 3000)));

console.log(`
  The shop is open at ${(await app.getUrl()).replace('[::1]', 'localhost')}

  Open it in two tabs: they share one live session.
  Log out in one, or leave it alone until it ends, and watch the other.
  IDLE=20 makes sessions end after 20 idle seconds; PORT chooses the port.
`);
