import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { Controller, Get, Header, NotFoundException, Param, StreamableFile } from '@nestjs/common';

const PUBLIC = new URL('../../public/', import.meta.url);
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

@Controller()
export class PageController {
  readonly #files = new Map(
    readdirSync(PUBLIC).map((name) => [name, readFileSync(new URL(name, PUBLIC))]),
  );

  @Get(['', ':name'])
  @Header('Content-Security-Policy', "default-src 'self'")
  @Header('X-Content-Type-Options', 'nosniff')
  @Header('Cache-Control', 'no-cache')
  file(@Param('name') name = 'index.html'): StreamableFile {
    const body = this.#files.get(name);
    if (!body) throw new NotFoundException();
    return new StreamableFile(body, { type: TYPES[extname(name)] });
  }
}
