import { setImmediate as turnOfTheEventLoop } from 'node:timers/promises';
import { createClient } from 'redis';

type Send = (args: readonly string[]) => Promise<unknown>;

/** Stands between a node and the server: may hold, lose or refuse what passes. */
export type Passage = (args: readonly string[], send: Send) => Promise<unknown>;

/**
 * A connected client for stores, as node-redis makes it, that knows whether an answer is still to come.
 * Many stores may share one: none of them closes it.
 */
export class WatchedClient {
  readonly isOpen = true;
  readonly #client;
  #pending = 0;

  constructor(url: string) {
    this.#client = createClient({ url, disableOfflineQueue: true });
    this.#client.on('error', () => {});
  }

  async connect(): Promise<void> {
    await this.#client.connect();
  }

  /** What each command passes through on the way to the server and back. */
  passage: Passage = (args, send) => send(args);

  async sendCommand(args: readonly string[]): Promise<unknown> {
    this.#pending++;
    try {
      return await this.passage(args, (command) => this.#client.sendCommand([...command]));
    } finally {
      this.#pending--;
    }
  }

  /** The same connection for one node, with a passage of its own. */
  through(passage: Passage): NodeClient {
    return new NodeClient((args) => passage(args, (command) => this.sendCommand(command)));
  }

  /** Waits until nobody waits for the server any more, and nobody asks it anything new. */
  async idle(): Promise<void> {
    do await turnOfTheEventLoop();
    while (this.#pending > 0);
  }

  on(): void {}

  close(): void {}

  destroy(): void {
    this.#client.destroy();
  }
}

/** What one node has of a client that many share. */
export class NodeClient {
  readonly isOpen = true;

  constructor(readonly sendCommand: Send) {}

  async connect(): Promise<void> {}

  on(): void {}

  close(): void {}

  destroy(): void {}
}
