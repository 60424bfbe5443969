import { type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import { type Readable } from 'node:stream';
import { type Awaitable } from '../awaitable.js';

/** What the first byte of a response has to wait for. */
export interface FirstByte {
  /** Runs once, before the first byte leaves; the response waits where this does. */
  prepare(): Awaitable<void>;
  /** Whether {@link seal} has headers to set. Asked after {@link prepare}. */
  readonly hasHeaders: boolean;
  /** The last chance to set headers; whatever the handler set is there to be seen. */
  seal(): void;
  /** Answers in place of the handler, after {@link prepare} has failed. */
  refuse(error: unknown): void;
  /** What was held cannot be sent, and whoever called is not there any more to be told. */
  abort(error: unknown): void;
  /** The response is done, or its client is gone. */
  close(): void;
}

/** The methods by which a byte can leave a response. */
export const WAYS = ['writeHead', 'write', 'end', 'flushHeaders'] as const;

export type Way = (typeof WAYS)[number];

/** What a gate stands in place of: Node's own methods, or what others have put there. */
export type WayOut = Readonly<Record<Way, unknown>>;

/** One call of one of them. */
interface Call {
  readonly way: Way;
  args: readonly unknown[];
}

/**
 * Stands before a response until its first byte may leave.
 *
 * Every way of answering a request ends in one of four methods of Node's response, whatever the
 * framework: so it is there, on this one response, that it is caught. What comes while the gate waits
 * is held and replayed in order; where the wait ends badly, what was held is dropped, and the refusal
 * is sent in its place.
 */
export class ResponseGate {
  #phase: 'shut' | 'waiting' | 'open' | 'refused' = 'shut';
  readonly #held: Call[] = [];

  constructor(
    private readonly response: ServerResponse,
    private readonly firstByte: FirstByte,
    private readonly wayOut: WayOut,
  ) {}

  /** Whether the first byte is on its way, so that it is too late to set headers. */
  get isPassed(): boolean {
    return this.#phase !== 'shut';
  }

  /** Whether it is this method that it stands in place of, and no other before that. */
  leadsTo(way: Way, method: unknown): boolean {
    return this.wayOut[way] === method;
  }

  /** Lets a call through, holds it until it may go on, or drops it. */
  pass(way: Way, args: readonly unknown[]): unknown {
    if (this.#phase === 'open') return this.#let(way, args);
    const call: Call = { way, args };
    if (this.#phase === 'shut') this.#approach(call);
    switch (this.#phase) {
      case 'waiting':
        return this.#hold(call);
      case 'refused':
        return this.#swallow(call);
      default:
        return this.#let(way, call.args);
    }
  }

  close(): void {
    this.firstByte.close();
  }

  #approach(first: Call): void {
    let ready: Awaitable<void>;
    try {
      ready = this.firstByte.prepare();
    } catch (error) {
      this.#keepHeaders(first);
      return this.#refuse(error);
    }
    if (ready instanceof Promise) return this.#wait(ready, first);
    if (this.firstByte.hasHeaders) this.#keepHeaders(first);
    this.#open();
  }

  #wait(ready: Promise<void>, first: Call): void {
    try {
      this.#keepHeaders(first);
    } catch (error) {
      // The answer to this error comes here next, and waits.
      ready.catch(() => {});
      throw error;
    }
    this.#phase = 'waiting';
    // Meanwhile the response looks to its framework as it would with the headers on their way.
    Reflect.defineProperty(this.response, 'headersSent', { configurable: true, value: true });
    const goOn = (go: () => void): void => {
      Reflect.deleteProperty(this.response, 'headersSent');
      go();
    };
    ready
      .then(
        () => goOn(() => this.#release()),
        (error: unknown) => goOn(() => this.#refuse(error)),
      )
      .catch((error: unknown) => this.firstByte.abort(error));
  }

  #open(): void {
    if (this.firstByte.hasHeaders) this.firstByte.seal();
    this.#phase = 'open';
  }

  /** Keeps a call for later. */
  #hold(call: Call): unknown {
    if (call.way === 'writeHead' && this.#held.length > 0) throw headersSentError();
    this.#held.push(call);
    return call.way === 'write' ? false : this.response;
  }

  #release(): void {
    this.#open();
    const calls = this.#held.splice(0);
    const results = calls.map((call) => ({
      way: call.way,
      result: this.#let(call.way, call.args),
    }));
    const last = results.findLast(({ way }) => way === 'write');
    // Whoever was told to wait while the gate was shut is told to go on, unless Node will tell them.
    if (last !== undefined && last.result !== false && !this.response.writableEnded) {
      this.response.emit('drain');
    }
  }

  #refuse(error: unknown): void {
    const held = this.#held.splice(0);
    // A stream that comes through here has nowhere to go, and would stay half read.
    this.response.on('unpipe', (source: Readable) => source.destroy());
    this.#phase = 'open';
    this.firstByte.refuse(error);
    this.#phase = 'refused';
    for (const call of held) this.#swallow(call);
    if (held.some(({ way }) => way === 'write')) this.response.emit('drain');
  }

  /** Lets the caller of a dropped call go on. */
  #swallow({ way, args }: Call): unknown {
    const done = args.at(-1);
    if (typeof done === 'function') queueMicrotask(() => Reflect.apply(done, undefined, []));
    return way === 'write' ? true : this.response;
  }

  #let(way: Way, args: readonly unknown[]): unknown {
    const method = this.wayOut[way];
    return typeof method === 'function' ? Reflect.apply(method, this.response, args) : undefined;
  }

  /**
   * Sets what `writeHead()` was given as headers: there they would win over those that are set later.
   * Throws, as `writeHead()` does, where Node refuses them.
   */
  #keepHeaders(call: Call): void {
    if (call.way !== 'writeHead') return;
    const headers = call.args.find((arg) => typeof arg === 'object' && arg !== null);
    if (headers === undefined) return;
    call.args = call.args.filter((arg) => arg !== headers);
    setHeaders(this.response, headers);
  }
}

function setHeaders(response: ServerResponse, headers: unknown): void {
  if (Array.isArray(headers)) {
    const pairs = pairsOf(headers);
    for (const [name] of pairs) response.removeHeader(name);
    for (const [name, value] of pairs) response.appendHeader(name, value);
    return;
  }
  for (const [name, value] of Object.entries(headers as OutgoingHttpHeaders)) {
    if (value !== undefined) response.setHeader(name, value);
  }
}

/** Raw headers come flat, `[name, value, name, value]`, or as a list of pairs. */
function pairsOf(headers: readonly unknown[]): readonly (readonly [string, string])[] {
  if (Array.isArray(headers[0])) return headers as readonly (readonly [string, string])[];
  return Array.from({ length: headers.length / 2 }, (_, index) => [
    String(headers[2 * index]),
    headers[2 * index + 1] as string,
  ]);
}

function headersSentError(): Error {
  const error = new Error('Cannot write headers after they are sent to the client');
  return Object.assign(error, { code: 'ERR_HTTP_HEADERS_SENT' });
}
