import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { Gatekeeper } from '../../lib/http/gatekeeper.js';
import { type RawResponse } from '../../lib/http/http-exchange.js';
import { type FirstByte, type ResponseGate } from '../../lib/http/response-gate.js';

function responseOf(): RawResponse {
  return new ServerResponse(new IncomingMessage(new Socket())) as RawResponse;
}

/** Something that a response waits for, which writes down when it is asked. */
function firstByte(journal: string[], name: string): FirstByte {
  return {
    hasHeaders: false,
    prepare: () => void journal.push(`${name} prepares`),
    seal: () => {},
    refuse: () => {},
    abort: () => {},
    close: () => void journal.push(`${name} closes`),
  };
}

/** A gatekeeper that remembers where it has put its gates. */
function gatekeeperOf() {
  const gates = new Map<RawResponse, ResponseGate>();
  const gatekeeper = new Gatekeeper((response) => gates.get(response));
  return {
    guard: (prototype: object) => gatekeeper.guard(prototype),
    stand: (response: RawResponse, before: FirstByte) =>
      void gates.set(response, gatekeeper.stand(response, before)),
  };
}

describe('Gatekeeper', () => {
  it('puts the same functions on all responses', () => {
    const gatekeeper = gatekeeperOf();
    const [one, other] = [responseOf(), responseOf()];
    for (const response of [one, other]) gatekeeper.stand(response, firstByte([], ''));

    const { writeHead, write, end, flushHeaders } = one;

    expect(other).toMatchObject({ writeHead, write, end, flushHeaders });
  });

  it('tells each response apart', () => {
    const journal: string[] = [];
    const gatekeeper = gatekeeperOf();
    const [one, other] = [responseOf(), responseOf()];
    gatekeeper.stand(one, firstByte(journal, 'one'));
    gatekeeper.stand(other, firstByte(journal, 'other'));

    other.writeHead(200);
    one.end();

    expect(journal).toEqual(['other prepares', 'one prepares']);
  });

  it('stands before a response that another application stands before', () => {
    const journal: string[] = [];
    const response = responseOf();
    gatekeeperOf().stand(response, firstByte(journal, 'outer'));
    gatekeeperOf().stand(response, firstByte(journal, 'inner'));

    response.end('tea');
    response.emit('close');

    expect(journal).toEqual(['inner prepares', 'outer prepares', 'outer closes', 'inner closes']);
    expect(response.writableEnded).toBe(true);
  });

  it('goes by what others have put on the response before', () => {
    const journal: string[] = [];
    const response = responseOf();
    const { end } = response;
    response.end = ((...args: Parameters<typeof end>) => {
      journal.push('theirs');
      return Reflect.apply(end, response, args);
    }) as typeof end;
    gatekeeperOf().stand(response, firstByte(journal, 'ours'));

    response.end();

    expect(journal).toEqual(['ours prepares', 'theirs']);
  });

  describe('that guards what responses inherit from', () => {
    function setup() {
      const prototype: object = Object.create(ServerResponse.prototype);
      const gatekeeper = gatekeeperOf();
      gatekeeper.guard(prototype);
      const response = Object.setPrototypeOf(responseOf(), prototype) as RawResponse;
      return { gatekeeper, prototype, response };
    }

    it('puts nothing on a response', () => {
      const { gatekeeper, response } = setup();
      const before = Reflect.ownKeys(response);

      gatekeeper.stand(response, firstByte([], ''));

      expect(Reflect.ownKeys(response)).toEqual(before);
    });

    it('stands before a response all the same', () => {
      const journal: string[] = [];
      const { gatekeeper, response } = setup();
      gatekeeper.stand(response, firstByte(journal, 'it'));

      response.end('tea');

      expect([journal, response.writableEnded]).toEqual([['it prepares'], true]);
    });

    it('lets a response pass that nobody has stood before', () => {
      const { response } = setup();

      response.end('tea');

      expect(response.writableEnded).toBe(true);
    });

    it('stands before what others have put on the response', () => {
      const journal: string[] = [];
      const { gatekeeper, response } = setup();
      const { end } = response;
      response.end = ((...args: Parameters<typeof end>) => {
        journal.push('theirs');
        return Reflect.apply(end, response, args);
      }) as typeof end;
      gatekeeper.stand(response, firstByte(journal, 'it'));

      response.end();

      expect(journal).toEqual(['it prepares', 'theirs']);
      expect(response.writableEnded).toBe(true);
    });

    it('calls what somebody has put on the prototype before', () => {
      const journal: string[] = [];
      const prototype = Object.create(ServerResponse.prototype, {
        flushHeaders: { writable: true, value: () => void journal.push('theirs') },
      }) as object;
      const gatekeeper = gatekeeperOf();
      gatekeeper.guard(prototype);
      const response = Object.setPrototypeOf(responseOf(), prototype) as RawResponse;
      gatekeeper.stand(response, firstByte(journal, 'it'));

      response.flushHeaders();

      expect(journal).toEqual(['it prepares', 'theirs']);
    });
  });
});
