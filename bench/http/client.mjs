import { connect } from 'node:net';

const END_OF_HEAD = Buffer.from('\r\n\r\n');

/**
 * One kept-alive connection that speaks as much HTTP as a benchmark needs, on a plain socket: an HTTP
 * client of full size would be slower than the servers.
 */
export class Client {
  /** The cookie that the last answer has set, as `name=value`. */
  cookie;
  #sent = '';
  #socket;
  #received = Buffer.alloc(0);
  #answered;

  constructor(port) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.on('data', (chunk) => this.#receive(chunk));
    this.#socket.on('error', (error) => this.#answered?.reject(error));
    this.#socket.on('close', () => this.#answered?.reject(new Error('The server hung up.')));
  }

  /** Sends the cookie with every request from now on. */
  keepCookie(cookie) {
    this.#sent = `Cookie: ${cookie}\r\n`;
  }

  /** The body of the answer, which has to be a 200. */
  get(path) {
    this.#socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${this.#sent}\r\n`);
    return new Promise((resolve, reject) => {
      this.#answered = { resolve, reject };
      if (this.#socket.destroyed) reject(new Error('The server has hung up.'));
    });
  }

  close() {
    this.#answered = undefined;
    this.#socket.destroy();
  }

  #receive(chunk) {
    const received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const headEnd = received.indexOf(END_OF_HEAD);
    const head = headEnd === -1 ? '' : received.latin1Slice(0, headEnd);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    const end = headEnd + END_OF_HEAD.length + length;
    if (head === '' || received.length < end) {
      this.#received = received;
      return;
    }
    this.#received = Buffer.alloc(0);
    this.#answer(head, received.latin1Slice(end - length, end));
  }

  #answer(head, body) {
    this.cookie = /set-cookie: ([^;\r]+)/i.exec(head)?.[1];
    if (head.startsWith('HTTP/1.1 200')) this.#answered.resolve(body);
    else this.#answered.reject(new Error(`${head}\n\n${body}`));
  }
}
