/** The built package, imported as a consumer does it. */
import 'reflect-metadata';
import assert from 'node:assert/strict';
import * as core from 'nestjs-live-session';
import * as redis from 'nestjs-live-session/redis';
import * as testing from 'nestjs-live-session/testing';

assert.equal(typeof core.SessionModule.forRoot, 'function');
assert.equal(typeof testing.Clock, 'function');
assert.ok(redis.RedisSessionStore.prototype instanceof core.SessionStore);
assert.ok(new testing.Clock() instanceof core.Reactor);
console.log('import: ok');
