import { type IncomingMessage, request as send, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { All, Controller, Req, Res } from '@nestjs/common';
import { Journal } from '../cluster/journal.js';
import { type ShopNode } from '../cluster/shop-node.js';
import { Turns } from './turns.js';

/** Passes requests on to one node after the other. It keeps no session on the node where that began. */
@Controller('api')
export class ProxyController {
  constructor(
    private readonly turns: Turns,
    private readonly journal: Journal,
  ) {}

  @All('*path')
  pass(@Req() request: IncomingMessage, @Res() response: ServerResponse): void {
    const isStream = request.headers.accept === 'text/event-stream';
    const node = this.turns.next(isStream ? 'stream' : 'request');
    if (!node) return refuse(response, 503, 'No node is up. Start one of them.');

    const { method, url: path, headers } = request;
    const to = { host: '127.0.0.1', port: node.port, method, path, headers, agent: false };
    const passed = send(to, (answer) => {
      const { statusCode: status = 502, headers } = answer;
      const tab = tabOf(request);
      response.writeHead(status, { ...headers, 'X-Node': node.name });
      if (isStream && status === 200) this.#hold(node, tab, response);
      else this.#noteAnswer(node, tab, `${method} ${path}`, answer);
      // Where the node dies in the middle the page is cut off, too, and comes back to another one.
      pipeline(answer, response, () => {});
    });
    passed.on('error', () => refuse(response, 502, `${node.name} has died meanwhile. Try again.`));
    response.on('close', () => passed.destroy());
    request.pipe(passed);
  }

  #noteAnswer(node: ShopNode, tab: string, what: string, answer: IncomingMessage): void {
    const { statusCode: status = 502, headers } = answer;
    node.answered++;
    const retryAfter = headers['retry-after'];
    this.journal.note(node.name, { kind: 'answered', tab, what, status, retryAfter });
  }

  #hold(node: ShopNode, tab: string, response: ServerResponse): void {
    response.write('retry: 300\n\n');
    node.tabs.add(tab);
    this.journal.note(node.name, { kind: 'holds', tab });
    response.on('close', () => {
      node.tabs.delete(tab);
      this.journal.note(node.name, { kind: 'let go', tab });
    });
  }
}

/** The address of the page says which tab it is in. */
function tabOf({ headers }: IncomingMessage): string {
  return /\/tab\/(\w)$/.exec(headers.referer ?? '')?.[1] ?? '';
}

function refuse(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { 'Content-Type': 'application/json', 'Retry-After': 1 });
  response.end(JSON.stringify({ message }));
}
