import { type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  type ArgumentsHost,
  BadRequestException,
  type CallHandler,
  Catch,
  Controller,
  type ExceptionFilter,
  type ExecutionContext,
  Get,
  Header,
  HttpCode,
  type NestInterceptor,
  Redirect,
  Res,
  Sse,
  StreamableFile,
  type Type,
  UseFilters,
  UseInterceptors,
} from '@nestjs/common';
import { type Response } from 'express';
import { InjectSession } from 'nestjs-live-session';
import { concatMap, map, type Observable, of } from 'rxjs';
import { type Platform } from './boot.js';
import { Cart } from './cart.js';
import { type AnyResponse, rawOf } from './raw.js';

/** What is used of Fastify's reply. */
interface Reply {
  readonly raw: ServerResponse;
  code(status: number): this;
  send(payload: unknown): this;
  redirect(url: string, status: number): this;
  hijack(): void;
}

class Teapot extends Error {}

/** Answers by itself, past Nest. */
@Catch(Teapot)
class TeapotFilter implements ExceptionFilter {
  catch(_: Teapot, host: ArgumentsHost): void {
    const response = rawOf(host.switchToHttp().getResponse<AnyResponse>());
    response.writeHead(418).end('tea');
  }
}

class MappingInterceptor implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(concatMap(async (sku: unknown) => ({ sku })));
  }
}

/** Each handler changes the session and answers in another way. */
@Controller()
class CommonWays {
  @Get('value') value(@InjectSession(Cart) cart: Cart) {
    return { added: cart.add('tea') };
  }

  @Get('promise') async promise(@InjectSession(Cart) cart: Cart) {
    await Promise.resolve();
    return { added: cart.add('tea') };
  }

  @Get('observable') observable(@InjectSession(Cart) cart: Cart) {
    return of('tea').pipe(map((sku) => ({ added: cart.add(sku) })));
  }

  @Get('text') text(@InjectSession(Cart) cart: Cart) {
    cart.add('tea');
    return 'tea';
  }

  @Get('nothing') nothing(@InjectSession(Cart) cart: Cart) {
    cart.add('tea');
  }

  @Get('no-content') @HttpCode(204) noContent(@InjectSession(Cart) cart: Cart) {
    cart.add('tea');
  }

  @Get('not-modified') @HttpCode(304) notModified(@InjectSession(Cart) cart: Cart) {
    cart.add('tea');
  }

  @Get('redirect') @Redirect('/elsewhere', 302) redirect(@InjectSession(Cart) cart: Cart) {
    cart.add('tea');
  }

  @Get('passthrough') passthrough(
    @InjectSession(Cart) cart: Cart,
    @Res({ passthrough: true }) response: AnyResponse,
  ) {
    rawOf(response).setHeader('X-Way', 'passthrough');
    return { added: cart.add('tea') };
  }

  @Get('interceptor') @UseInterceptors(MappingInterceptor) interceptor(
    @InjectSession(Cart) cart: Cart,
  ) {
    cart.add('tea');
    return 'tea';
  }

  @Get('exception') exception(@InjectSession(Cart) cart: Cart): never {
    cart.add('tea');
    throw new BadRequestException();
  }

  @Get('error') error(@InjectSession(Cart) cart: Cart): never {
    cart.add('tea');
    throw new Error('unknown');
  }

  @Get('filter') @UseFilters(TeapotFilter) filter(@InjectSession(Cart) cart: Cart): never {
    cart.add('tea');
    throw new Teapot();
  }

  @Get('file') file(@InjectSession(Cart) cart: Cart) {
    cart.add('tea');
    return new StreamableFile(Readable.from(['t', 'e', 'a']));
  }

  @Sse('sse') sse(@InjectSession(Cart) cart: Cart) {
    cart.add('tea');
    return of({ data: 'tea' });
  }

  @Get('pieces') pieces(@InjectSession(Cart) cart: Cart, @Res() response: AnyResponse) {
    cart.add('tea');
    const raw = rawOf(response);
    for (const piece of ['t', 'e', 'a']) raw.write(piece);
    raw.end();
  }

  @Get('raw-end') rawEnd(@InjectSession(Cart) cart: Cart, @Res() response: AnyResponse) {
    cart.add('tea');
    rawOf(response).end('tea');
  }

  @Get('write-head') writeHead(@InjectSession(Cart) cart: Cart, @Res() response: AnyResponse) {
    cart.add('tea');
    rawOf(response).writeHead(200, { 'X-Way': 'object' }).end('tea');
  }

  @Get('write-head-message') message(
    @InjectSession(Cart) cart: Cart,
    @Res() response: AnyResponse,
  ) {
    cart.add('tea');
    rawOf(response).writeHead(200, 'Fine', { 'X-Way': 'message' }).end('tea');
  }

  @Get('write-head-flat') flat(@InjectSession(Cart) cart: Cart, @Res() response: AnyResponse) {
    cart.add('tea');
    rawOf(response).writeHead(200, ['X-Way', 'flat']).end('tea');
  }

  @Get('flush-headers') flush(@InjectSession(Cart) cart: Cart, @Res() response: AnyResponse) {
    cart.add('tea');
    const raw = rawOf(response);
    raw.flushHeaders();
    raw.end('tea');
  }

  @Get('pipe') pipe(@InjectSession(Cart) cart: Cart, @Res() response: AnyResponse) {
    cart.add('tea');
    Readable.from(['t', 'e', 'a']).pipe(rawOf(response));
  }

  @Get('pipeline') async pipeline(
    @InjectSession(Cart) cart: Cart,
    @Res() response: AnyResponse,
  ): Promise<void> {
    cart.add('tea');
    await pipeline(Readable.from(['t', 'e', 'a']), rawOf(response));
  }
}

@Controller()
class ExpressWays {
  @Get('json') json(@InjectSession(Cart) cart: Cart, @Res() response: Response) {
    response.json({ added: cart.add('tea') });
  }

  @Get('send') send(@InjectSession(Cart) cart: Cart, @Res() response: Response) {
    cart.add('tea');
    response.status(200).send('tea');
  }

  @Get('end') end(@InjectSession(Cart) cart: Cart, @Res() response: Response) {
    cart.add('tea');
    response.end();
  }

  @Get('send-redirect') redirect(@InjectSession(Cart) cart: Cart, @Res() response: Response) {
    cart.add('tea');
    response.redirect('/elsewhere');
  }

  @Get('send-file') sendFile(@InjectSession(Cart) cart: Cart, @Res() response: Response) {
    cart.add('tea');
    response.sendFile('package.json', { root: '.' });
  }

  @Get('etag') @Header('ETag', '"tea"') etag(@InjectSession(Cart) cart: Cart) {
    cart.add('tea');
    return 'tea';
  }
}

@Controller()
class FastifyWays {
  @Get('json') json(@InjectSession(Cart) cart: Cart, @Res() reply: Reply) {
    void reply.send({ added: cart.add('tea') });
  }

  @Get('send') send(@InjectSession(Cart) cart: Cart, @Res() reply: Reply) {
    cart.add('tea');
    void reply.code(200).send('tea');
  }

  @Get('send-stream') stream(@InjectSession(Cart) cart: Cart, @Res() reply: Reply) {
    cart.add('tea');
    void reply.send(Readable.from(['t', 'e', 'a']));
  }

  @Get('send-redirect') redirect(@InjectSession(Cart) cart: Cart, @Res() reply: Reply) {
    cart.add('tea');
    void reply.redirect('/elsewhere', 302);
  }

  @Get('hijack') hijack(@InjectSession(Cart) cart: Cart, @Res() reply: Reply) {
    cart.add('tea');
    reply.hijack();
    reply.raw.end('tea');
  }
}

/** A way for a response to go, and the status that it has. */
export interface Way {
  readonly name: string;
  readonly status: number;
  readonly method: 'get' | 'head';
  /** Request headers. */
  readonly headers: Record<string, string>;
}

function way(name: string, status: number, rest: Partial<Way> = {}): Way {
  return { name, status, method: 'get', headers: {}, ...rest };
}

const COMMON: readonly Way[] = [
  way('value', 200),
  way('value', 200, { method: 'head' }),
  way('promise', 200),
  way('observable', 200),
  way('text', 200),
  way('nothing', 200),
  way('no-content', 204),
  way('not-modified', 304),
  way('redirect', 302),
  way('passthrough', 200),
  way('interceptor', 200),
  way('exception', 400),
  way('error', 500),
  way('filter', 418),
  way('file', 200),
  way('sse', 200),
  way('pieces', 200),
  way('raw-end', 200),
  way('write-head', 200),
  way('write-head-message', 200),
  way('write-head-flat', 200),
  way('flush-headers', 200),
  way('pipe', 200),
  way('pipeline', 200),
  way('json', 200),
  way('send', 200),
  way('send-redirect', 302),
];

const OWN: Readonly<Record<Platform, readonly Way[]>> = {
  Express: [
    way('end', 200),
    way('send-file', 200),
    way('etag', 304, { headers: { 'If-None-Match': '"tea"' } }),
  ],
  Fastify: [way('send-stream', 200), way('hijack', 200)],
};

/** Every way in which a response can go. */
export function waysOn(platform: Platform): readonly Way[] {
  return [...COMMON, ...OWN[platform]];
}

/** The handlers, each at the path of its way's name. */
export function waysControllers(platform: Platform): readonly Type[] {
  return [CommonWays, platform === 'Express' ? ExpressWays : FastifyWays];
}
