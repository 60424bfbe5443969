import { Agent, request, type ClientRequest, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { type INestApplication } from '@nestjs/common';
import { cookieFrom } from './cookie.js';

/** What a client was answered. */
export interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** A client of a listening application, with one connection that it keeps, and a cookie. */
export class Client {
  cookie = '';
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #port: number;

  constructor(app: INestApplication) {
    this.#port = (app.getHttpServer().address() as AddressInfo).port;
  }

  /** Asks, and takes the cookies that it is given. */
  async ask(method: 'GET' | 'POST', path: string): Promise<Answer> {
    const sent = this.#send(method, path);
    return new Promise((resolve, reject) => {
      sent.once('error', reject);
      sent.once('response', (response) => {
        const { statusCode: status, headers } = response;
        this.cookie = cookieFrom({ headers }) || this.cookie;
        json(response).then((body) => resolve({ status, headers, body }), reject);
      });
    });
  }

  /** Asks, and goes away as soon as the question has left. Resolves when the connection is closed. */
  async leave(method: 'GET' | 'POST', path: string, reached?: Promise<void>): Promise<void> {
    const sent = this.#send(method, path);
    sent.on('error', () => {});
    await new Promise((resolve) => sent.once('finish', resolve));
    await reached;
    const closed = new Promise((resolve) => sent.once('close', resolve));
    sent.destroy();
    await closed;
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(method: string, path: string): ClientRequest {
    const { cookie } = this;
    const options = { port: this.#port, agent: this.#agent, method, path, headers: { cookie } };
    return request(options).end();
  }
}
