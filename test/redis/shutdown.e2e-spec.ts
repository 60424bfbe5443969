import { SessionComponent, State } from 'nestjs-live-session';
import { RedisApplication } from '../support/redis-nodes.js';
import { redisForFile } from '../support/redis-server.js';

@SessionComponent()
class Cart {
  @State() items: string[] = [];
}

const redis = redisForFile();

describe('A node that stops', () => {
  it('saves what was asked for before, however much it is', async () => {
    const node = await new RedisApplication(redis()).node({ components: [Cart] });
    const all = await Promise.all(Array.from({ length: 400 }, () => node.sessions.makeSession()));
    const saves = all.map((session) => {
      session.getComponent(Cart).items.push('tea');
      return session.save();
    });
    // They are on their way to the store.
    await Promise.resolve();
    await Promise.resolve();

    const [outcomes] = await Promise.all([Promise.allSettled(saves), node.store.stop()]);

    expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
  });
});
