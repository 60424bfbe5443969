/** A node that counts the ends that it is told of, and watches its event loop meanwhile. */
import 'reflect-metadata';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SessionModule, SessionService } from 'nestjs-live-session';
import { RedisSessionStore } from 'nestjs-live-session/redis';

class App {}
const store = new RedisSessionStore({ url: process.argv[2] });
Module({ imports: [SessionModule.forRoot({ sessionTimeout: 3600, store })] })(App);
const app = await NestFactory.createApplicationContext(App, { logger: ['error'] });

// It samples every millisecond, and says how long that took beyond it.
const delay = monitorEventLoopDelay({ resolution: 1 });
const seen = new Set();
let all = 0;
let expected = Infinity;
app.get(SessionService).expire$.subscribe(({ id }) => {
  all += 1;
  seen.add(id);
  if (seen.size < expected) return;
  const at = Date.now();
  delay.disable();
  const [p99, most] = [delay.percentile(99) / 1e6, delay.max / 1e6];
  // What comes twice would come now.
  setTimeout(() => process.send({ told: { at, p99, most, distinct: seen.size, all } }), 2000);
});
process.on('message', ({ expect }) => {
  expected = expect;
  delay.enable();
});
process.on('disconnect', () => process.exit());
process.on('SIGTERM', () => void app.close().then(() => process.exit()));
process.send({ ready: true });
