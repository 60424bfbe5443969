import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import {
  Controller,
  Get,
  Header,
  NotFoundException,
  Param,
  Redirect,
  StreamableFile,
} from '@nestjs/common';

// From the root of the project, where npm starts samples.
const FOLDERS = ['sample/01-shop/public', 'sample/02-cluster/public'];
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The page of the shop with a panel of the cluster in it. It is here even if every node is down. */
@Controller()
export class PageController {
  readonly #files = new Map(
    FOLDERS.flatMap((folder) =>
      readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]),
    ),
  );
  #tabs = 0;

  /** Each tab has a letter of its own, so that one can tell them apart. */
  @Get()
  @Redirect()
  enter() {
    return { url: `/tab/${String.fromCharCode(65 + (this.#tabs++ % 26))}` };
  }

  @Get(['tab/:tab', ':name'])
  @Header('Content-Security-Policy', "default-src 'self'")
  @Header('X-Content-Type-Options', 'nosniff')
  @Header('Cache-Control', 'no-cache')
  file(@Param('name') name = 'index.html'): StreamableFile {
    const body = this.#files.get(name);
    if (!body) throw new NotFoundException();
    const shown = name === 'index.html' ? this.#withPanel(body) : body;
    return new StreamableFile(shown, { type: TYPES[extname(name)] });
  }

  #withPanel(page: Buffer): Buffer {
    const panel = String(this.#files.get('panel.html'));
    return Buffer.from(String(page).replace('</body>', `${panel}</body>`));
  }
}
