import { readFileSync } from 'node:fs';
import { type INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Reactor } from 'nestjs-live-session';
import { Clock } from 'nestjs-live-session/testing';
import supertest from 'supertest';
import { AppModule, Reminders } from './tour.js';

describe('The tour in the README', () => {
  let app: INestApplication;
  const clock = new Clock();

  beforeAll(async () => {
    const builder = Test.createTestingModule({ imports: [AppModule] });
    const module = await builder.overrideProvider(Reactor).useValue(clock).compile();
    app = module.createNestApplication();
    await app.init();
  });

  afterAll(() => app.close());

  it('is the code that is tested here', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const tour = readFileSync(new URL('tour.ts', import.meta.url), 'utf8');

    expect(readme).toContain('```ts\n' + tour + '```');
  });

  it('does what it says', async () => {
    const client = supertest.agent(app.getHttpServer());

    await client.post('/cart').send({ sku: 'tea' }).expect(201, { total: 300 });
    await client.post('/login').send({ name: 'ada' }).expect(201);
    await client.get('/me').expect(200, { name: 'ada' });
    clock.advance(900);

    expect(app.get(Reminders).due).toEqual(['ada: 300']);
    await client.get('/me').expect(200, { name: 'nobody' });
  });
});
