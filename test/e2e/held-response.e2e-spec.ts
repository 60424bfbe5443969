import { once } from 'node:events';
import { type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Controller, Get, Res, StreamableFile } from '@nestjs/common';
import { InjectSession } from 'nestjs-live-session';
import { boot, type Platform, PLATFORMS } from '../support/boot.js';
import { Cart } from '../support/cart.js';
import { cookieOf } from '../support/cookie.js';
import { CopyingStore } from '../support/copying.store.js';
import { journalBytes } from '../support/journal.js';
import { Latch } from '../support/latch.js';
import { logged } from '../support/logged.js';
import { type AnyResponse, rawOf } from '../support/raw.js';
import { text } from '../support/text.js';
import { WatchedStore } from '../support/watched.store.js';

const CHUNK = 'x'.repeat(64 * 1024);
const CHUNKS = 100;

function* chunks(): Generator<string> {
  for (let index = 0; index < CHUNKS; index++) yield CHUNK;
}

@Controller()
class WriterController {
  static journal: unknown[] = [];
  static done = new Latch();

  @Get('order') order(@InjectSession(Cart) cart: Cart, @Res() response: AnyResponse) {
    const raw = rawOf(response);
    cart.add('tea');
    raw.writeHead(200, { 'Content-Type': 'text/plain' });
    for (const piece of ['1', '2', '3']) raw.write(piece);
    raw.end('4');
  }

  @Get('callbacks') callbacks(@InjectSession(Cart) cart: Cart, @Res() response: AnyResponse) {
    const raw = rawOf(response);
    const { journal } = WriterController;
    cart.add('tea');
    raw.write('1', () => journal.push('1 written'));
    raw.write('2', 'utf8', () => journal.push('2 written'));
    raw.end('3', () => journal.push('ended'));
    raw.once('close', () => journal.push('closed'));
  }

  @Get('patient') async patient(
    @InjectSession(Cart) cart: Cart,
    @Res() response: AnyResponse,
  ): Promise<void> {
    const raw = rawOf(response);
    cart.add('tea');
    for (const chunk of chunks()) {
      if (!raw.write(chunk)) await once(raw, 'drain');
    }
    raw.end();
    WriterController.done.reach();
  }

  @Get('pressure') pressure(@InjectSession(Cart) cart: Cart, @Res() response: AnyResponse) {
    const raw = rawOf(response);
    cart.add('tea');
    raw.once('drain', () => {
      WriterController.journal.push('drain');
      raw.end();
    });
    WriterController.journal.push(raw.write('1'));
  }

  @Get('pipe') pipe(@InjectSession(Cart) cart: Cart, @Res() response: AnyResponse) {
    cart.add('tea');
    const source = Readable.from(chunks());
    source.once('close', () => WriterController.done.reach());
    source.pipe(rawOf(response));
  }

  @Get('pipeline') async pipeline(
    @InjectSession(Cart) cart: Cart,
    @Res() response: AnyResponse,
  ): Promise<void> {
    cart.add('tea');
    await pipeline(Readable.from(chunks()), rawOf(response)).finally(() =>
      WriterController.done.reach(),
    );
  }

  @Get('file') file(@InjectSession(Cart) cart: Cart) {
    cart.add('tea');
    return new StreamableFile(Readable.from(chunks(), { objectMode: false }));
  }

  @Get('value') value(@InjectSession(Cart) cart: Cart, @Res() response: AnyResponse) {
    cart.add('tea');
    const raw = rawOf(response);
    for (const chunk of chunks()) raw.write(chunk);
    raw.end();
  }
}

async function setup(platform: Platform) {
  logged();
  const journal: unknown[] = (WriterController.journal = []);
  WriterController.done = new Latch();
  const store = new WatchedStore(new CopyingStore());
  const booted = await boot({
    platform,
    options: { store },
    components: [Cart],
    controllers: [WriterController],
  });
  const session = await booted.sessions.makeSession();
  const get = (path: string) =>
    booted.http
      .get(path)
      .set({ cookie: cookieOf(session) })
      .buffer(true)
      .parse(text);
  return { ...booted, journal, store, get };
}

/** Holds the answers to commits. */
function holdCommits(store: WatchedStore): Latch {
  const latch = new Latch();
  store.before = (operation) => (operation === 'commit' ? latch.pass() : undefined);
  return latch;
}

describe.each(PLATFORMS)('A response on %s that waits for a store', (platform) => {
  it('sends no byte before the session is saved', async () => {
    const { app, store, journal, get } = await setup(platform);
    const latch = holdCommits(store);
    journalBytes(app, () => journal.push('byte'));
    const answer = get('/order').then();
    await latch.reached;
    journal.push('released');
    latch.open();

    await answer;

    expect(journal.slice(0, 2)).toEqual(['released', 'byte']);
  });

  it('sends its pieces in order', async () => {
    const { get } = await setup(platform);

    const response = await get('/order').expect(200);

    expect(response.body).toBe('1234');
  });

  it('calls the callbacks of its writes, in order', async () => {
    const { journal, get, app } = await setup(platform);
    const closed = closeOf(app.getHttpServer());

    await get('/callbacks').expect(200);
    await closed;

    expect(journal).toEqual(['1 written', '2 written', 'ended', 'closed']);
  });

  it('asks a writer to wait, and tells it to go on', async () => {
    const { journal, get } = await setup(platform);

    const response = await get('/pressure').expect(200);

    expect(response.body).toBe('1');
    expect(journal).toEqual([false, 'drain']);
  });

  it.each(['patient', 'pipe', 'pipeline', 'file', 'value'])(
    'sends a large body whole: %s',
    async (path) => {
      const { get } = await setup(platform);

      const response = await get(`/${path}`).expect(200);

      expect(response.body).toHaveLength(CHUNKS * CHUNK.length);
    },
  );

  it.each(['patient', 'pipe', 'pipeline', 'file', 'value'])(
    'sends nothing of a large body where saving fails: %s',
    async (path) => {
      const { get, store } = await setup(platform);
      store.before = (operation) =>
        operation === 'commit' ? Promise.reject(new Error('ECONNRESET')) : undefined;

      const response = await get(`/${path}`).expect(503);

      expect(JSON.parse(response.body)).toHaveProperty('code', 'SESSION_STORE_UNAVAILABLE');
    },
  );

  it.each(['patient', 'pipe', 'pipeline'])(
    'lets whoever writes come to an end where saving fails: %s',
    async (path) => {
      const { get, store } = await setup(platform);
      store.before = (operation) =>
        operation === 'commit' ? Promise.reject(new Error('ECONNRESET')) : undefined;

      await get(`/${path}`).expect(503);

      await expect(WriterController.done.reached).resolves.toBeUndefined();
    },
  );
});

/** Resolves when the next response is closed, after its own listeners have run. */
function closeOf(server: NodeJS.EventEmitter): Promise<unknown> {
  return new Promise((resolve) => {
    server.prependOnceListener('request', (_: unknown, response: ServerResponse) =>
      response.once('close', () => setImmediate(resolve)),
    );
  });
}
