import { RedisApplication } from '../support/redis-nodes.js';
import { redisForFile } from '../support/redis-server.js';

const redis = redisForFile();

describe('A rotation in Redis', () => {
  it('is not taken back by an answer from before it', async () => {
    const { sessions } = await new RedisApplication(redis()).node();
    const session = await sessions.makeSession();
    const { uid } = session;

    // All of it goes over one connection, so the answers come together.
    await Promise.all([
      sessions.findSession(uid),
      session.regenerate(),
      ...Array.from({ length: 5 }, () => sessions.findById(session.id)),
      sessions.findSession(uid),
    ]);

    expect(session.uid).not.toBe(uid);
    expect(await sessions.findSession(session.uid)).toBe(session);
  });
});
