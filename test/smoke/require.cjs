/** The built package, required from CommonJS as a consumer does it. */
require('reflect-metadata');
const assert = require('node:assert/strict');
const core = require('nestjs-live-session');
const redis = require('nestjs-live-session/redis');
const testing = require('nestjs-live-session/testing');

assert.equal(typeof core.SessionModule.forRoot, 'function');
assert.ok(redis.RedisSessionStore.prototype instanceof core.SessionStore);
assert.ok(new testing.Clock() instanceof core.Reactor);
console.log('require: ok');
