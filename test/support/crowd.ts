import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { type AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { type INestApplication } from '@nestjs/common';

/** One request of many. */
export interface CrowdRequest {
  readonly path: string;
  readonly cookie?: string;
  /** Sent by POST, as JSON. */
  readonly body?: unknown;
}

/** Sends many requests at once, over a few kept-alive connections; answers with the JSON of each. */
export async function crowd<T>(
  app: INestApplication,
  requests: readonly CrowdRequest[],
): Promise<T[]> {
  const { port } = app.getHttpServer().address() as AddressInfo;
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });
  try {
    return await Promise.all(requests.map((one) => ask<T>(agent, port, one)));
  } finally {
    agent.destroy();
  }
}

async function ask<T>(agent: Agent, port: number, { path, cookie, body }: CrowdRequest) {
  const method = body === undefined ? 'GET' : 'POST';
  const headers = { ...(cookie && { cookie }), 'content-type': 'application/json' };
  const sent = request({ agent, port, path, method, headers });
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return (await json(response)) as T;
}
