import { Controller, Get } from '@nestjs/common';
import { InjectSession, Session, type SessionRecord } from 'nestjs-live-session';
import { boot } from '../support/boot.js';
import { CopyingStore } from '../support/copying.store.js';

/** A store that is away when the first sessions are made. */
class AwayStore extends CopyingStore {
  constructor(private failures: number) {
    super();
  }

  override async create(record: SessionRecord): Promise<void> {
    await undefined;
    if (this.failures-- > 0) throw new Error('away');
    await super.create(record);
  }
}

@Controller()
class ShopController {
  @Get('twice') async twice(@InjectSession() session: Session) {
    const saved = outcomeOf(session.save());
    await Promise.all([session.expire('logout'), session.expire('revoked')]);
    return { saves: [await saved] };
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

async function setup({ failures }: { failures: number }) {
  const store = new AwayStore(failures);
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

  it('is ended after the try that it takes', async () => {
    const { http, sessions, clock, ends } = await setup({ failures: 1 });

    const { body } = await http.get('/again').expect(200);

    expect([body, await sessions.count()]).toEqual([{ saves: ['failed', 'saved'] }, 0]);
    clock.advance(10_000);
    expect(ends).toEqual(['logout']);
  });
});
