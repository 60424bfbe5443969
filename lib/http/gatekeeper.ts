import { type RawResponse } from './http-exchange.js';
import { type FirstByte, ResponseGate, type Way } from './response-gate.js';

/** What stands on a response in place of one of Node's methods. */
type Substitute = (this: RawResponse, ...args: unknown[]) => unknown;

/**
 * Puts a gate before each response of one application. What stands on the responses is the same five
 * functions for all of them: they find the gate on the response that they are called on, since making
 * functions for each response costs more than all that they do.
 */
export class Gatekeeper {
  /** Where a response holds its gate. Each application has its own, if one hands requests to another. */
  readonly #gate = Symbol('session gate');

  readonly #writeHead = this.#inPlaceOf('writeHead');
  readonly #write = this.#inPlaceOf('write');
  readonly #end = this.#inPlaceOf('end');
  readonly #flushHeaders = this.#inPlaceOf('flushHeaders');
  readonly #closed = this.#onGate((gate) => gate.close());

  /** Stands before a response that nothing has left yet. */
  stand(response: RawResponse, firstByte: FirstByte): ResponseGate {
    const gate = new ResponseGate(response, firstByte);
    const methods: Record<Way, unknown> = response;
    response[this.#gate] = gate;
    methods.writeHead = this.#writeHead;
    methods.write = this.#write;
    methods.end = this.#end;
    methods.flushHeaders = this.#flushHeaders;
    response.on('close', this.#closed);
    return gate;
  }

  #inPlaceOf(way: Way): Substitute {
    return this.#onGate((gate, args) => gate.pass(way, args));
  }

  #onGate(call: (gate: ResponseGate, args: readonly unknown[]) => unknown): Substitute {
    const key = this.#gate;
    return function (...args) {
      const gate = this[key];
      return gate instanceof ResponseGate ? call(gate, args) : undefined;
    };
  }
}
