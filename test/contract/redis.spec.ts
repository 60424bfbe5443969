import { describeSessionStore } from 'nestjs-live-session/testing';
import { RedisFixture, redisClientForFile } from '../support/redis-fixture.js';

const client = redisClientForFile();

describeSessionStore('RedisSessionStore', (clock) => new RedisFixture(client(), clock), {
  nodes: 'many',
});
