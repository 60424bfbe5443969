import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Machine } from './machine.js';

/** A Redis of this sample's own. What it has answered is in a file, so that a kill loses nothing. */
export class RedisServer extends Machine {
  constructor(
    private readonly port: number,
    private readonly dir: string,
  ) {
    super('redis');
  }

  static get isInstalled(): boolean {
    return spawnSync('redis-server', ['--version']).error === undefined;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  protected launch(ready: () => void): ChildProcess {
    const { port, dir } = this;
    const settings = { port, dir, bind: '127.0.0.1', appendonly: 'yes', save: '' };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, `${value}`]);
    const server = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    createInterface(server.stdout).on('line', (line) => {
      if (line.includes('Ready to accept connections')) ready();
    });
    return server;
  }
}
