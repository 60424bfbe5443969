import { Attachment } from './attachment.js';
import { type RawResponse } from './http-exchange.js';
import { type FirstByte, ResponseGate, type Way, WAYS } from './response-gate.js';

/** What stands in place of one of Node's methods. */
type Substitute = (this: RawResponse, ...args: unknown[]) => unknown;

type Substitutes = Readonly<Record<Way, Substitute>>;

/**
 * Puts a gate before each response of one application. What stands in place of their methods is the
 * same functions for all responses: they find the gate of the response that they are called on, since
 * making functions for each response costs more than all that they do.
 */
export class Gatekeeper {
  /** Each application has its own, if one hands requests to another. */
  readonly #gates = new Attachment<ResponseGate>(
    'session gate',
    (value) => value instanceof ResponseGate,
  );
  /** What is put on a response. */
  readonly #own = substitutes((way) => this.#toGate(way));
  /** What is put on the object that responses inherit from. */
  readonly #inherited = substitutes((way) => this.#pastOthers(way));
  readonly #closed: Substitute;
  /** What the methods of guarded responses would be without us. */
  #original: ((way: Way) => unknown) | undefined;

  constructor() {
    const gates = this.#gates;
    this.#closed = function () {
      gates.get(this)?.close();
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
    this.#gates.keepBeside();
  }

  /** Stands before a response that nothing has left yet, and before what others have put on it. */
  stand(response: RawResponse, firstByte: FirstByte): ResponseGate {
    const methods: Record<Way, unknown> = response;
    const { writeHead, write, end, flushHeaders } = methods;
    const wayOut: Record<Way, unknown> = { writeHead, write, end, flushHeaders };
    for (const way of WAYS) {
      if (wayOut[way] === this.#inherited[way]) wayOut[way] = this.#original?.(way);
      else methods[way] = this.#own[way];
    }
    const gate = new ResponseGate(response, firstByte, wayOut);
    this.#gates.set(response, gate);
    response.on('close', this.#closed);
    return gate;
  }

  #toGate(way: Way): Substitute {
    const gates = this.#gates;
    return function (...args) {
      return gates.get(this)?.pass(way, args);
    };
  }

  /** A call that comes here has passed what others have put on the response, and the gate before that. */
  #pastOthers(way: Way): Substitute {
    const gates = this.#gates;
    const original = (): unknown => this.#original?.(way);
    return function (...args) {
      const method = original();
      const gate = gates.get(this);
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
