import { type RawResponse } from './http-exchange.js';
import { type FirstByte, ResponseGate, type Way, type WayOut, WAYS } from './response-gate.js';

/** What stands in place of one of Node's methods. */
type Substitute = (this: RawResponse, ...args: unknown[]) => unknown;

type Substitutes = Readonly<Record<Way, Substitute>>;

/**
 * Puts a gate before each response of one application. What stands in place of their methods is the
 * same functions for all responses: they find the gate of the response that they are called on, since
 * making functions for each response costs more than all that they do.
 */
export class Gatekeeper {
  /** What is put on a response. */
  readonly #own: Substitutes;
  /** What is put on the object that responses inherit from. */
  readonly #inherited: Substitutes;
  readonly #closed: Substitute;
  /** What the methods of guarded responses would be without us. */
  #original: ((way: Way) => unknown) | undefined;

  /** @param gateOf the gate that stands before a response, if there is one */
  constructor(private readonly gateOf: (response: RawResponse) => ResponseGate | undefined) {
    this.#own = substitutes((way) => this.#toGate(way));
    this.#inherited = substitutes((way) => this.#pastOthers(way));
    this.#closed = function () {
      gateOf(this)?.close();
    };
  }

  /** Guards all responses that inherit from an object, so that nothing has to be put on each of them. */
  guard(prototype: object): void {
    const own: Partial<Record<Way, unknown>> = {};
    for (const way of WAYS) {
      if (Object.hasOwn(prototype, way)) own[way] = Reflect.get(prototype, way);
      Reflect.set(prototype, way, this.#inherited[way]);
    }
    // Looked up anew each time: Express changes what it inherits from where it is mounted on another.
    this.#original = (way) =>
      own[way] ?? Reflect.get(Object.getPrototypeOf(prototype) as object, way);
  }

  /** Stands before a response that nothing has left yet, and before what others have put on it. */
  stand(response: RawResponse, firstByte: FirstByte): ResponseGate {
    const methods: Record<Way, unknown> = response;
    const { writeHead, write, end, flushHeaders } = methods;
    const found: WayOut = { writeHead, write, end, flushHeaders };
    const wayOut = this.#original === undefined ? found : this.#behind(found, this.#original);
    // One by one: V8 knows where a property goes that has its name in the code.
    if (wayOut.writeHead === writeHead) methods.writeHead = this.#own.writeHead;
    if (wayOut.write === write) methods.write = this.#own.write;
    if (wayOut.end === end) methods.end = this.#own.end;
    if (wayOut.flushHeaders === flushHeaders) methods.flushHeaders = this.#own.flushHeaders;
    response.on('close', this.#closed);
    return new ResponseGate(response, firstByte, wayOut);
  }

  /** The methods that a guarded response would have without us. */
  #behind(found: WayOut, original: (way: Way) => unknown): WayOut {
    const wayOut: Record<Way, unknown> = { ...found };
    for (const way of WAYS) if (found[way] === this.#inherited[way]) wayOut[way] = original(way);
    return wayOut;
  }

  #toGate(way: Way): Substitute {
    const { gateOf } = this;
    return function (...args) {
      return gateOf(this)?.pass(way, args);
    };
  }

  /** A call that comes here has passed what others have put on the response, and the gate before that. */
  #pastOthers(way: Way): Substitute {
    const { gateOf } = this;
    const original = (): unknown => this.#original?.(way);
    return function (...args) {
      const method = original();
      const gate = gateOf(this);
      if (gate?.leadsTo(way, method) === true) return gate.pass(way, args);
      return typeof method === 'function' ? Reflect.apply(method, this, args) : undefined;
    };
  }
}

function substitutes(make: (way: Way) => Substitute): Substitutes {
  return {
    writeHead: make('writeHead'),
    write: make('write'),
    end: make('end'),
    flushHeaders: make('flushHeaders'),
  };
}
