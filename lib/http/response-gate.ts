import { type ServerResponse } from 'node:http';
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
}

/** The methods by which a byte can leave a response. */
const WAYS = ['writeHead', 'write', 'end', 'flushHeaders'] as const;

/** One call of one of them. */
interface Call {
  readonly way: (typeof WAYS)[number];
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
  readonly #methods = new Map<string, unknown>();

  constructor(
    private readonly response: ServerResponse,
    private readonly firstByte: FirstByte,
  ) {
    for (const way of WAYS) {
      this.#methods.set(way, response[way]);
      Reflect.set(response, way, (...args: unknown[]) => this.#pass({ way, args }));
    }
  }

  /** Whether it is too late to set headers. */
  get isPassed(): boolean {
    return this.#phase === 'open' || this.#phase === 'refused';
  }

  #pass(call: Call): unknown {
    if (this.#phase === 'shut') this.#approach(call);
    switch (this.#phase) {
      case 'waiting':
        this.#held.push(call);
        return call.way === 'write' ? false : this.response;
      case 'refused':
        return this.#swallow(call);
      default:
        return this.#let(call);
    }
  }

  #approach(first: Call): void {
    this.#phase = 'waiting';
    try {
      const ready = this.firstByte.prepare();
      if (ready instanceof Promise) this.#wait(ready, first);
      else this.#open(first);
    } catch (error) {
      this.#refuse(error);
    }
  }

  #wait(ready: Promise<void>, first: Call): void {
    // Meanwhile the response looks to its framework as it would with the headers on their way.
    Reflect.defineProperty(this.response, 'headersSent', { configurable: true, value: true });
    const awaited = ready.finally(() => Reflect.deleteProperty(this.response, 'headersSent'));
    awaited.then(
      () => this.#release(first),
      (error: unknown) => this.#refuse(error),
    );
  }

  #open(first: Call): void {
    if (this.firstByte.hasHeaders) {
      if (first.way === 'writeHead') first.args = withHeadersSet(this.response, first.args);
      this.firstByte.seal();
    }
    this.#phase = 'open';
  }

  #release(first: Call): void {
    this.#open(first);
    const calls = this.#held.splice(0);
    const results = calls.map((call) => ({ way: call.way, result: this.#let(call) }));
    const writes = results.filter(({ way }) => way === 'write');
    // Whoever was told to wait while the gate was shut is told to go on, unless Node will tell them.
    if (writes.length > 0 && writes.at(-1)?.result !== false && !this.response.writableEnded) {
      this.response.emit('drain');
    }
  }

  #refuse(error: unknown): void {
    const held = this.#held.splice(0);
    this.#phase = 'open';
    this.firstByte.refuse(error);
    this.#phase = 'refused';
    for (const call of held) this.#swallow(call);
  }

  /** Lets the caller of a dropped call go on. */
  #swallow({ way, args }: Call): unknown {
    const done = args.at(-1);
    if (typeof done === 'function') queueMicrotask(() => Reflect.apply(done, undefined, []));
    return way === 'write' ? true : this.response;
  }

  #let({ way, args }: Call): unknown {
    const method = this.#methods.get(way);
    return typeof method === 'function' ? Reflect.apply(method, this.response, args) : undefined;
  }
}

/**
 * Sets the headers that `writeHead()` was given, and returns its other arguments: headers given there
 * would win over those that are set later.
 */
function withHeadersSet(response: ServerResponse, args: readonly unknown[]): readonly unknown[] {
  const headers = args.at(-1);
  if (typeof headers !== 'object' || headers === null) return args;
  const isRaw = Array.isArray(headers);
  const pairs = isRaw ? pairsOf(headers) : Object.entries(headers);
  if (isRaw) for (const [name] of pairs) response.removeHeader(name);
  for (const [name, value] of pairs) {
    if (value === undefined) continue;
    if (isRaw) response.appendHeader(name, value);
    else response.setHeader(name, value);
  }
  return args.slice(0, -1);
}

/** Raw headers come flat, `[name, value, name, value]`, or as a list of pairs. */
function pairsOf(headers: readonly unknown[]): readonly (readonly [string, string])[] {
  if (Array.isArray(headers[0])) return headers as readonly (readonly [string, string])[];
  return Array.from({ length: headers.length / 2 }, (_, index) => [
    String(headers[2 * index]),
    headers[2 * index + 1] as string,
  ]);
}
