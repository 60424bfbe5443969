import { NestFactory } from '@nestjs/core';
import { moduleOf } from './decorate.mjs';

/** An application without a server, of a root module with these parts. */
export function boot(parts) {
  const options = { logger: ['error'], abortOnError: false };
  return NestFactory.createApplicationContext(moduleOf(parts), options);
}
