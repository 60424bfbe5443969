import { NestFactory } from '@nestjs/core';
import { moduleOf } from './decorate.mjs';

/** An application that nobody sends requests to, of a root module with these parts. */
export async function boot(parts) {
  const app = await NestFactory.create(moduleOf(parts), { logger: ['error'], abortOnError: false });
  return app.init();
}
