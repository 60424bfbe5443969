import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** The wanted port or, where that is taken, another that is free. */
export async function freePort(wanted: number): Promise<number> {
  const probe = createServer().listen(wanted);
  try {
    await once(probe, 'listening');
    return (probe.address() as AddressInfo).port;
  } catch {
    return freePort(0);
  } finally {
    probe.close();
  }
}
