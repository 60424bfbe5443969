import { type INestApplicationContext } from '@nestjs/common';

/**
 * The application under test: what `createNestApplication()`, `NestFactory.create()` or `compile()`
 * made, with `SessionModule` somewhere in it.
 *
 * @publicApi
 */
export type TestedApp = Pick<INestApplicationContext, 'get'>;
