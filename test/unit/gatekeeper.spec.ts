import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { Gatekeeper } from '../../lib/http/gatekeeper.js';
import { type RawResponse } from '../../lib/http/http-exchange.js';
import { type FirstByte } from '../../lib/http/response-gate.js';

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

describe('Gatekeeper', () => {
  it('puts the same functions on all responses', () => {
    const gatekeeper = new Gatekeeper();
    const [one, other] = [responseOf(), responseOf()];
    for (const response of [one, other]) gatekeeper.stand(response, firstByte([], ''));

    const { writeHead, write, end, flushHeaders } = one;

    expect(other).toMatchObject({ writeHead, write, end, flushHeaders });
  });

  it('tells each response apart', () => {
    const journal: string[] = [];
    const gatekeeper = new Gatekeeper();
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
    new Gatekeeper().stand(response, firstByte(journal, 'outer'));
    new Gatekeeper().stand(response, firstByte(journal, 'inner'));

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
    new Gatekeeper().stand(response, firstByte(journal, 'ours'));

    response.end();

    expect(journal).toEqual(['ours prepares', 'theirs']);
  });
});
