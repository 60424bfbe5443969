import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { moduleOf } from '../../support/decorate.mjs';

/** The application of a variant: a root module with these parts, on one of the two frameworks. */
export function appOf(framework, parts) {
  const adapter = framework === 'express' ? new ExpressAdapter() : new FastifyAdapter();
  return NestFactory.create(moduleOf(parts), adapter, { logger: ['error'], abortOnError: false });
}
