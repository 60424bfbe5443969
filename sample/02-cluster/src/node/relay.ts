import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { createClient } from 'redis';
import { type Changed, ShopFeed } from '../../../01-shop/src/feed/shop.feed.js';

const CHANNEL = 'kiln:changed';

/**
 * Tells the pages that hang on other nodes what has changed here. The library carries sessions and
 * their ends between nodes; news of an application's own are the application's.
 */
@Injectable()
export class Relay implements OnModuleInit, OnModuleDestroy {
  readonly #out = createClient({ url: process.env.REDIS_URL, disableOfflineQueue: true });
  readonly #in = this.#out.duplicate({ disableOfflineQueue: false });

  constructor(private readonly feed: ShopFeed) {}

  onModuleInit(): void {
    const here = randomUUID();
    for (const client of [this.#out, this.#in]) {
      client.on('error', () => {}); // it connects again by itself, and the store has reported it
      void client.connect();
    }
    void this.#in.subscribe(CHANNEL, (message) => {
      const { from, ...changed } = JSON.parse(message) as Changed & { from: string };
      if (from !== here) this.feed.changedElsewhere$.next(changed);
    });
    this.feed.changed$.subscribe((changed) => {
      // Lost news is no harm: whoever comes back, or changes something, is shown everything.
      this.#out.publish(CHANNEL, JSON.stringify({ from: here, ...changed })).catch(() => {});
    });
  }

  onModuleDestroy(): void {
    this.#out.destroy();
    this.#in.destroy();
  }
}
