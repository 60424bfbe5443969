import { connect, createServer } from 'node:net';

/** Between a node and the server: it can delay, cut and lose what the server answers. */
export async function startProxy(port) {
  const pairs = new Set();
  const proxy = { delay: 0, isLosing: false };
  const server = createServer((client) => {
    const there = connect(port, '127.0.0.1');
    const pair = [client, there];
    pairs.add(pair);
    for (const socket of pair) {
      socket.on('error', () => {});
      socket.on('close', () => {
        pairs.delete(pair);
        for (const other of pair) other.destroy();
      });
    }
    client.on('data', (data) => there.write(data));
    let last = Promise.resolve();
    there.on('data', (data) => {
      if (proxy.isLosing) pair.isTorn = true;
      if (pair.isTorn) return;
      const { delay } = proxy;
      if (delay > 0) last = last.then(() => new Promise((resolve) => setTimeout(resolve, delay)));
      last = last.then(() => client.write(data));
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => pairs.forEach((pair) => pair.forEach((socket) => socket.destroy()));
  return Object.assign(proxy, {
    url: `redis://127.0.0.1:${server.address().port}`,
    cut,
    close() {
      server.close();
      cut();
    },
  });
}
