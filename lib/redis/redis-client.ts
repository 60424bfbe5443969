/**
 * A ready client of node-redis (`redis` 5 or 6): what `createClient()`, `createCluster()` or
 * `createSentinel()` returned, connected or not.
 *
 * Only what is used of it is asked for here, so that neither version's types are needed.
 */
export type RedisClient = RedisConnection & {
  sendCommand(...args: never[]): Promise<unknown>;
};

/** What the three kinds of clients have in common. */
interface RedisConnection {
  readonly isOpen: boolean;
  connect(): Promise<unknown>;
  close(): Promise<unknown> | void;
  destroy(): void;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** Sends a command to the server that has a key. */
export type SendCommand = (key: string, args: readonly string[]) => Promise<unknown>;

/** Whether keys are spread over several servers. */
export function isCluster(client: RedisClient): boolean {
  return 'slots' in client;
}

/** This store times its commands itself; a signal for each, as node-redis makes it, costs more than they do. */
const UNTIMED = Object.freeze({ timeout: undefined });

/** Whether the servers are found by asking sentinels. */
export function isSentinel(client: RedisClient): boolean {
  return 'acquire' in client;
}

/** How a client is given a raw command: each kind wants to know something else beside it. */
export function sender(client: RedisClient): SendCommand {
  const send = client.sendCommand.bind(client) as (...args: unknown[]) => Promise<unknown>;
  if (isCluster(client)) return (key, args) => send(key, false, args, UNTIMED);
  if (isSentinel(client)) return (_, args) => send(false, args, UNTIMED);
  return (_, args) => send(args, UNTIMED);
}
