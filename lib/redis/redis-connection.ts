import { SessionStoreUnavailableError } from '../errors/session.errors.js';
import { OperationTimeouts } from '../store/operation-timeouts.js';
import { type Reactor } from '../reactor/reactor.js';
import { makeClient } from './make-client.js';
import {
  isCluster,
  isSentinel,
  type RedisClient,
  sender,
  type SendCommand,
} from './redis-client.js';
import { type RedisHealth } from './redis-health.js';
import { type ResolvedRedisOptions } from './redis-options.js';

/**
 * The client that a node talks through: made, connected, replaced where it leads nowhere any more, and
 * closed here. A ready one that the application gave is neither replaced nor closed.
 */
export class RedisConnection {
  readonly #patience: OperationTimeouts;
  #client: RedisClient | undefined;
  #send: SendCommand | undefined;
  /** One that is being connected. */
  #candidate: RedisClient | undefined;
  #isRenewing = false;
  #isStopped = false;

  constructor(
    private readonly options: ResolvedRedisOptions,
    reactor: Reactor,
    private readonly health: RedisHealth,
  ) {
    this.#patience = new OperationTimeouts(reactor, options.operationTimeout * 2);
  }

  /** Sends a command through the client of the moment. */
  readonly send: SendCommand = (key, args) => {
    if (this.#send === undefined) return Promise.reject(new SessionStoreUnavailableError());
    return this.#send(key, args);
  };

  /** Connects, unless that was done before. @throws whatever keeps it from being connected */
  async open(): Promise<RedisClient> {
    if (this.#client !== undefined) return this.#client;
    const client = await this.#connect();
    this.#use(client);
    return client;
  }

  /**
   * Looks for a better way to the server while there is none: the network may have forgotten a
   * connection without a word, and an address may lead to another server by now. The old client is used
   * until a new one is connected, and kept where it has come to itself meanwhile.
   *
   * @param isNeeded asked once there is a new one
   */
  renew(isNeeded: () => boolean): void {
    if (this.#isRenewing || this.#isStopped || this.options.client !== undefined) return;
    this.#isRenewing = true;
    const take = (client: RedisClient): void => {
      if (this.#isStopped || !isNeeded()) return destroy(client);
      const old = this.#client;
      this.#use(client);
      if (old !== undefined) destroy(old);
    };
    this.#connect()
      // A new one that cannot be connected is looked for again with the next command that fails.
      .then(take, () => {})
      .finally(() => {
        this.#isRenewing = false;
      });
  }

  async close(): Promise<void> {
    this.#isStopped = true;
    if (this.#candidate !== undefined) destroy(this.#candidate);
    const client = this.#client;
    if (client !== undefined && this.options.client === undefined && client.isOpen) {
      // What is under way is waited for only where an answer may come.
      if (this.health.state === 'down') destroy(client);
      else await this.#limit(Promise.resolve(client.close())).catch(() => destroy(client));
    }
    this.#patience.stop();
  }

  #use(client: RedisClient): void {
    this.#client = client;
    this.#send = sender(client);
  }

  async #connect(): Promise<RedisClient> {
    const client = await makeClient(this.options);
    const isOwn = this.options.client === undefined;
    if (isOwn) this.#candidate = client;
    let problem: unknown;
    const failed = new Promise<never>((_, reject) => {
      client.on('error', (error) => {
        problem = error;
        // Where there are many servers, one of them says nothing about the others.
        if (isCluster(client) || isSentinel(client)) return;
        if (client === this.#client) this.health.failed(error);
        reject(error);
      });
    });
    failed.catch(() => {});
    try {
      // A client that cannot connect tries again and again; its first failure is news enough.
      if (!client.isOpen) await this.#limit(Promise.race([client.connect(), failed]));
      return client;
    } catch (error) {
      if (isOwn) destroy(client);
      throw problem ?? error;
    } finally {
      if (this.#candidate === client) this.#candidate = undefined;
    }
  }

  #limit<T>(operation: Promise<T>): Promise<T> {
    return this.#patience.limit(operation, () => new Error('It does not answer.'));
  }
}

/** Lets go of a client, whatever state it is in. */
function destroy(client: RedisClient): void {
  const ignore = (): void => {};
  // Some clients are not done at once, and some say that they were closed already.
  new Promise((resolve) => resolve(client.destroy())).then(ignore, ignore);
}
