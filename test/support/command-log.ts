import { createClient } from 'redis';
import { type RedisServer } from './redis-server.js';

/** What clients ask a server for, as the server sees it. */
export class CommandLog {
  readonly #lines: string[] = [];

  private constructor(private readonly server: RedisServer) {}

  /** Listens from now on, until the server stops. */
  static async of(server: RedisServer): Promise<CommandLog> {
    const log = new CommandLog(server);
    const client = createClient({ url: server.url, socket: { reconnectStrategy: false } });
    client.on('error', () => {});
    await client.connect();
    await client.monitor((line) => log.#lines.push(String(line)));
    return log;
  }

  /** The names of the commands that clients send meanwhile; not those that scripts run. */
  async during(work: () => Promise<unknown>): Promise<readonly string[]> {
    const from = await this.#mark();
    await work();
    const to = await this.#mark();
    return this.#lines
      .slice(from + 1, to)
      .filter((line) => !line.includes(' lua] ') && !line.endsWith('"PING"'))
      .map((line) => / "(\w+)"/.exec(line)?.[1]?.toUpperCase() ?? line);
  }

  /** Where the log has come to, as everything before has been answered. */
  async #mark(): Promise<number> {
    const mark = crypto.randomUUID();
    await this.server.send('ECHO', mark);
    for (;;) {
      const index = this.#lines.findIndex((line) => line.includes(mark));
      if (index !== -1) return index;
      await this.server.send('PING');
    }
  }
}
