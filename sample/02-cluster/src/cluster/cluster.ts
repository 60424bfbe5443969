import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Injectable,
  NotFoundException,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { freePort } from '../../../01-shop/src/free-port.js';
import { Journal } from './journal.js';
import { type Machine } from './machine.js';
import { RedisServer } from './redis-server.js';
import { ShopNode } from './shop-node.js';

/** Three nodes and the Redis that they share: one of their own, or that of REDIS_URL. */
@Injectable()
export class Cluster implements OnModuleInit, OnApplicationShutdown {
  readonly nodes = ['node-1', 'node-2', 'node-3'].map(
    (name) => new ShopNode(name, () => this.#url),
  );
  readonly #dir = mkdtempSync(join(tmpdir(), 'kiln-'));
  #redis: RedisServer | undefined;

  constructor(private readonly journal: Journal) {}

  get machines(): readonly Machine[] {
    return this.#redis ? [...this.nodes, this.#redis] : this.nodes;
  }

  get #url(): string {
    return this.#redis?.url ?? process.env.REDIS_URL ?? '';
  }

  async onModuleInit(): Promise<void> {
    if (!process.env.REDIS_URL) this.#redis = new RedisServer(await freePort(0), this.#dir);
    for (const { name, state$ } of this.machines) {
      state$.subscribe((state) => this.journal.note(name, { kind: 'is', state }));
    }
    for (const { name, reports$ } of this.nodes) {
      reports$.subscribe((report) => this.journal.note(name, report));
    }
    await this.#redis?.start();
    await Promise.all(this.nodes.map((node) => node.start()));
  }

  find(name: string): Machine {
    const machine = this.machines.find((candidate) => candidate.name === name);
    if (!machine) throw new NotFoundException();
    return machine;
  }

  /** How everything is at the moment. */
  describe() {
    const redis = this.#redis?.state ?? 'elsewhere';
    const nodes = this.nodes.map((node) => {
      const { name, state, answered, redis } = node;
      return { name, state, answered, redis, tabs: [...node.tabs] };
    });
    return { nodes, redis };
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.machines.map((machine) => machine.kill()));
    rmSync(this.#dir, { recursive: true });
  }
}
