import { Controller, Get } from '@nestjs/common';
import { InjectSession, Session, type SessionRecord } from 'nestjs-live-session';
import { boot } from '../support/boot.js';
import { CopyingStore } from '../support/copying.store.js';
import { survivors } from '../support/garbage.js';

/** A store that is away when the first sessions are made, or that answers none of those who make them. */
class AwayStore extends CopyingStore {
  failures = 0;
  silences = 0;

  override async create(record: SessionRecord): Promise<void> {
    await undefined;
    if (this.failures-- > 0) throw new Error('away');
    await super.create(record);
    if (this.silences-- > 0) throw new Error('away');
  }
}

@Controller()
class ShopController {
  static held: WeakRef<Session> | undefined;

  @Get('twice') async twice(@InjectSession() session: Session) {
    const saved = outcomeOf(session.save());
    await Promise.all([session.expire('logout'), session.expire('revoked')]);
    return { saves: [await saved] };
  }

  @Get('once') async once(@InjectSession() session: Session) {
    const saved = await outcomeOf(session.save());
    await session.expire('logout');
    return { saves: [saved] };
  }

  @Get('held') async held(@InjectSession() session: Session) {
    ShopController.held = new WeakRef(session);
    session.notifyOnExpire(() => {});
    return { saves: [await outcomeOf(session.save())] };
  }

  @Get('again') async again(@InjectSession() session: Session) {
    const saved = [session.save(), session.save()].map(outcomeOf);
    await session.expire('logout');
    return { saves: await Promise.all(saved) };
  }
}

function outcomeOf(saving: Promise<void>): Promise<string> {
  return saving.then(
    () => 'saved',
    () => 'failed',
  );
}

async function setup(given: Partial<Pick<AwayStore, 'failures' | 'silences'>>) {
  const store = Object.assign(new AwayStore(), given);
  const booted = await boot({ controllers: [ShopController], options: { store } });
  const ends: string[] = [];
  booted.sessions.expire$.subscribe(({ reason }) => void ends.push(reason));
  return { ...booted, ends };
}

describe('A session that the store does not take', () => {
  it('ends once, though it is ended twice meanwhile', async () => {
    const { http, ends } = await setup({ failures: Infinity });

    const { body } = await http.get('/twice').expect(200);

    expect([body, ends]).toEqual([{ saves: ['failed'] }, ['logout']]);
  });

  it('ends once, also in the store, where that took it without an answer', async () => {
    const { http, sessions, clock, ends } = await setup({ silences: 1 });

    const { body } = await http.get('/once').expect(200);

    expect([body, await sessions.count()]).toEqual([{ saves: ['failed'] }, 0]);
    clock.advance(10_000);
    expect(ends).toEqual(['logout']);
  });

  it('is not kept in memory by who waits for its end', async () => {
    const { http } = await setup({ failures: Infinity });
    await http.get('/held');

    expect(await survivors([ShopController.held].flatMap((held) => held ?? []))).toBe(0);
  });

  it('is ended after the try that it takes', async () => {
    const { http, sessions, clock, ends } = await setup({ failures: 1 });

    const { body } = await http.get('/again').expect(200);

    expect([body, await sessions.count()]).toEqual([{ saves: ['failed', 'saved'] }, 0]);
    clock.advance(10_000);
    expect(ends).toEqual(['logout']);
  });
});
