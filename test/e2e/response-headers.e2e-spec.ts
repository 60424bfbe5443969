import { Controller, Get, Header, Res } from '@nestjs/common';
import { InjectSession, Session } from 'nestjs-live-session';
import { boot, type Platform, PLATFORMS, setCookies } from '../support/boot.js';
import { type AnyResponse, rawOf } from '../support/raw.js';
import { logged } from '../support/logged.js';
import { type Answers, PLATFORMS_AND_STORES, storeThatAnswers } from '../support/stores.js';
import { text } from '../support/text.js';

const THEME = 'theme=dark; Path=/';
const OURS = expect.stringMatching(/^sid=[\w-]{43}; /);

@Controller()
class ThemeController {
  @Get('set-header') setHeader(@InjectSession() { id }: Session, @Res() response: AnyResponse) {
    const raw = rawOf(response);
    raw.setHeader('Set-Cookie', THEME);
    raw.end(id);
  }

  @Get('decorator') @Header('Set-Cookie', THEME) decorator(@InjectSession() { id }: Session) {
    return { id };
  }

  @Get('object') object(@InjectSession() { id }: Session, @Res() response: AnyResponse) {
    rawOf(response).writeHead(200, { 'Set-Cookie': THEME }).end(id);
  }

  @Get('list') list(@InjectSession() { id }: Session, @Res() response: AnyResponse) {
    rawOf(response)
      .writeHead(200, { 'set-cookie': ['a=1', THEME] })
      .end(id);
  }

  @Get('flat') flat(@InjectSession() { id }: Session, @Res() response: AnyResponse) {
    rawOf(response).writeHead(200, ['Set-Cookie', 'a=1', 'Set-Cookie', THEME]).end(id);
  }

  @Get('pairs') pairs(@InjectSession() { id }: Session, @Res() response: AnyResponse) {
    const headers: unknown = [
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', THEME],
    ];
    rawOf(response)
      .writeHead(200, headers as string[])
      .end(id);
  }

  @Get('message') message(@InjectSession() { id }: Session, @Res() response: AnyResponse) {
    rawOf(response).writeHead(200, 'Fine', { 'Set-Cookie': THEME }).end(id);
  }

  @Get('no-message') noMessage(@InjectSession() { id }: Session, @Res() response: AnyResponse) {
    const headers = { 'Set-Cookie': THEME };
    rawOf(response)
      .writeHead(200, undefined as unknown as string, headers)
      .end(id);
  }

  @Get('trailing') trailing(@InjectSession() { id }: Session, @Res() response: AnyResponse) {
    const raw = rawOf(response);
    Reflect.apply(raw.writeHead, raw, [200, { 'Set-Cookie': THEME }, undefined]);
    raw.end(id);
  }

  @Get('over') over(@InjectSession() { id }: Session, @Res() response: AnyResponse) {
    const raw = rawOf(response);
    raw.setHeader('Set-Cookie', 'old=1');
    raw.setHeader('X-Kept', 'yes');
    raw.writeHead(200, { 'Set-Cookie': THEME }).end(id);
  }

  @Get('invalid') invalid(@InjectSession() { id }: Session, @Res() response: AnyResponse) {
    rawOf(response).writeHead(200, { 'X-Way': 'a\nb' }).end(id);
  }

  @Get('invalid-status') invalidStatus(
    @InjectSession() { id }: Session,
    @Res() response: AnyResponse,
  ) {
    rawOf(response).writeHead(99).end(id);
  }

  @Get('twice') twice(@InjectSession() { id }: Session, @Res() response: AnyResponse) {
    const raw = rawOf(response);
    raw.writeHead(200, { 'X-Way': 'first' });
    try {
      raw.writeHead(201, { 'X-Way': 'second' });
    } catch (error) {
      raw.end(`${id} ${(error as { code?: string }).code}`);
    }
  }

  @Get('chunk') chunk(@InjectSession() { id }: Session, @Res() response: AnyResponse) {
    const raw = rawOf(response);
    raw.write(id);
    raw.write(7 as unknown as string);
  }
}

function setup(platform: Platform, answers: Answers) {
  logged();
  const options = { store: storeThatAnswers(answers) };
  return boot({ platform, options, controllers: [ThemeController] });
}

describe.each(PLATFORMS_AND_STORES)('Headers on %s, stored %s,', (platform, answers) => {
  it.each([
    ['set-header', [THEME]],
    ['decorator', [THEME]],
    ['object', [THEME]],
    ['list', ['a=1', THEME]],
    ['flat', ['a=1', THEME]],
    ['pairs', ['a=1', THEME]],
    ['message', [THEME]],
    ['no-message', [THEME]],
    ['trailing', [THEME]],
    ['over', [THEME]],
  ])("keep the handler's own cookies beside ours: %s", async (name, own) => {
    const { http } = await setup(platform, answers);

    const response = await http.get(`/${name}`).expect(200);

    expect(setCookies(response)).toEqual([...own, OURS]);
  });

  it('keep what was set before writeHead()', async () => {
    const { http } = await setup(platform, answers);

    const response = await http.get('/over').expect(200);

    expect(response.headers).toHaveProperty('x-kept', 'yes');
  });

  it('that Node refuses are an error of the handler, answered 500', async () => {
    const { http } = await setup(platform, answers);

    const response = await http.get('/invalid').expect(500);

    expect(response.body).toEqual({ statusCode: 500, message: 'Internal server error' });
  });

  it('cannot be written twice', async () => {
    const { http } = await setup(platform, answers);

    const response = await http.get('/twice').buffer(true).parse(text).expect(200);

    expect(response.headers).toHaveProperty('x-way', 'first');
    expect(response.body).toMatch(/ERR_HTTP_HEADERS_SENT$/);
  });
});

describe.each(PLATFORMS)('What Node refuses on %s as it is sent at last', (platform) => {
  it.each(['invalid-status', 'chunk'])('harms nobody else: %s', async (name) => {
    const { http } = await setup(platform, 'by promise');
    await http.get(`/${name}`).catch((error: unknown) => error);

    await http.get('/decorator').expect(200);
  });
});
