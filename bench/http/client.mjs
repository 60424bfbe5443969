import { connect } from 'node:net';

const CLOSING_BRACE = '}'.charCodeAt(0);
const STATUS = 'HTTP/1.1 '.length;

/**
 * One kept-alive connection that speaks as much HTTP as a benchmark needs, on a plain socket: an HTTP
 * client of full size would be slower than the servers. Every answer here is a JSON object without
 * another one in it, so it is complete as soon as its brace has come.
 */
export class Client {
  #cookie = '';
  #requests = new Map();
  #socket;
  #received = '';
  #answered;

  constructor(port) {
    this.#socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer: Buffer.allocUnsafe(16_384),
        callback: (size, buffer) => this.#receive(buffer.latin1Slice(0, size)),
      },
    });
    this.#socket.on('error', (error) => this.#answered?.(error));
    this.#socket.on('close', () => this.#answered?.(new Error('The server hung up.')));
  }

  /** Sends the cookie, a `name=value`, with every request from now on. */
  keepCookie(cookie) {
    this.#cookie = `Cookie: ${cookie}\r\n`;
    this.#requests.clear();
  }

  /** Asks once, and calls back with an error or with the whole answer, head and body, of a 200. */
  get(path, answered) {
    this.#answered = answered;
    if (this.#socket.destroyed) answered(new Error('The server has hung up.'));
    else this.#socket.write(this.#requestFor(path));
  }

  close() {
    this.#answered = undefined;
    this.#socket.destroy();
  }

  #requestFor(path) {
    let request = this.#requests.get(path);
    if (request === undefined) {
      request = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${this.#cookie}\r\n`);
      this.#requests.set(path, request);
    }
    return request;
  }

  #receive(chunk) {
    const answer = this.#received + chunk;
    if (answer.charCodeAt(answer.length - 1) !== CLOSING_BRACE) {
      this.#received = answer;
      return true;
    }
    this.#received = '';
    if (answer.startsWith('200', STATUS)) this.#answered?.(undefined, answer);
    else this.#answered?.(new Error(answer));
    return true;
  }
}
