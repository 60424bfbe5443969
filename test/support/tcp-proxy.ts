import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Between a client and a server; it can lead to another one, and lose what it is given. */
export interface TcpProxy {
  readonly url: string;
  /** How many bytes the server has answered so far. */
  readonly answered: number;
  /** From now on new connections are made to this port; those that there are stay. */
  leadTo(port: number): void;
  /** Swallows all that comes, without a word to either side, until it is told not to. */
  swallow(on: boolean): void;
  close(): Promise<void>;
}

export async function tcpProxy(port: number): Promise<TcpProxy> {
  let target = port;
  let isSwallowing = false;
  let answered = 0;
  const sockets = new Set<Socket>();
  const swallowed = new WeakSet<Socket>();
  const pipe = (from: Socket, to: Socket): void => {
    sockets.add(from);
    from.on('error', () => {});
    from.on('data', (data) => {
      // What has lost something once is of no use any more.
      if (isSwallowing) swallowed.add(from).add(to);
      if (!swallowed.has(from)) to.write(data);
    });
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
  };
  const server = createServer((client) => {
    const there = connect(target, '127.0.0.1');
    pipe(client, there);
    pipe(there, client);
    there.on('data', ({ length }) => (answered += length));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get answered() {
      return answered;
    },
    leadTo: (other) => (target = other),
    swallow: (on) => (isSwallowing = on),
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
