import { Controller, type ExecutionContext, Get, Req, Res } from '@nestjs/common';
import { SessionError } from 'nestjs-live-session';
import { exchangeOf } from '../../lib/injection/exchange-of.js';
import { boot, type Platform, PLATFORMS } from '../support/boot.js';

/** The shapes that the context of a resolver has, by driver. */
const CONTEXTS: Readonly<Record<string, (req: object, res: object) => object>> = {
  'Apollo on Express, or on Fastify': (req, res) => ({ req, res }),
  'a context with the request of Express alone': (req, res) => ({
    req: Object.create(req, { res: { value: res } }),
  }),
  'Mercurius, or Apollo on Fastify with a reply': (request, res) => ({
    reply: Object.create(res, { request: { value: request } }),
  }),
  'Mercurius with a request, too': (req, reply) => ({ req, reply }),
};

function contextOf(graphql: object): ExecutionContext {
  const context = { getType: () => 'graphql', getArgByIndex: () => graphql };
  return context as unknown as ExecutionContext;
}

@Controller()
class ResolverController {
  static make: (req: object, res: object) => object = () => ({});

  @Get() resolve(@Req() req: object, @Res({ passthrough: true }) res: object) {
    try {
      const { id } = exchangeOf(contextOf(ResolverController.make(req, res))).ask();
      return { id };
    } catch (error) {
      return { code: error instanceof SessionError ? error.code : String(error) };
    }
  }
}

function setup(platform: Platform, make: (req: object, res: object) => object) {
  ResolverController.make = make;
  return boot({ platform, controllers: [ResolverController] });
}

describe.each(PLATFORMS)('A resolver on %s', (platform) => {
  it.each(Object.keys(CONTEXTS))('is given the session of its request by %s', async (driver) => {
    const { http, sessions } = await setup(platform, CONTEXTS[driver] ?? Object);

    const { body } = await http.get('/').expect(200);

    expect(await sessions.findById(body.id)).toHaveProperty('id', body.id);
  });

  it('is told where the context holds no request', async () => {
    const { http } = await setup(platform, () => ({ user: 'ann' }));

    await http.get('/').expect(200, { code: 'SESSION_OPTION_INVALID' });
  });
});
