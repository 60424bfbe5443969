import { type RedisServer, startRedis } from './redis-server.js';
import { until } from './until.js';

const SLOTS = 16_384;

/** Three masters that share the slots, on the loopback. */
export interface RedisCluster {
  readonly masters: readonly RedisServer[];
  readonly urls: readonly string[];
  stop(): Promise<void>;
}

export async function startCluster(): Promise<RedisCluster> {
  const masters = await Promise.all(
    Array.from({ length: 3 }, () => startRedis('cluster-enabled yes', 'cluster-node-timeout 2000')),
  );
  const [first] = masters;
  const size = Math.ceil(SLOTS / masters.length);
  for (const [index, master] of masters.entries()) {
    const to = Math.min(SLOTS, (index + 1) * size) - 1;
    await master.send('CLUSTER', 'ADDSLOTSRANGE', String(index * size), String(to));
    await master.send('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
    await first?.send('CLUSTER', 'MEET', '127.0.0.1', String(master.port));
  }
  const isWell = async ({ send }: RedisServer): Promise<boolean> => {
    const info = String(await send('CLUSTER', 'INFO'));
    return info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:3');
  };
  await until(async () => (await Promise.all(masters.map(isWell))).every(Boolean), { within: 20 });
  return {
    masters,
    urls: masters.map(({ url }) => url),
    async stop() {
      await Promise.all(masters.map((master) => master.stop()));
    },
  };
}
