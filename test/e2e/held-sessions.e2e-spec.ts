import { bootService } from '../support/boot-service.js';
import { CopyingStore } from '../support/copying.store.js';
import { survivors } from '../support/garbage.js';

describe('A session whose store is elsewhere', () => {
  it('is let go once it has ended, though one who was told unsubscribed meanwhile', async () => {
    const store = new CopyingStore();
    const { sessions } = await bootService({ options: { store } });
    const reference = await (async () => {
      const session = await sessions.makeSession();
      session.expire$.subscribe(() => {});
      session.notifyOnExpire(() => {});
      await session.expire();
      return new WeakRef(session);
    })();

    store.forget();

    expect(await survivors([reference])).toBe(0);
  });
});
