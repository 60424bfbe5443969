import { Module } from '@nestjs/common';
import { SessionModule } from 'nestjs-live-session';
import { RedisSessionStore } from 'nestjs-live-session/redis';
import { IDLE, ShopModule } from '../../../01-shop/src/shop.module.js';
import { Relay } from './relay.js';
import { Witness } from './witness.js';

// With failFast: false a node that is started while Redis is away waits for it.
const store = new RedisSessionStore({
  url: process.env.REDIS_URL,
  prefix: 'kiln',
  failFast: false,
});

/** The shop of the first sample. Only where its sessions are kept is another place. */
@Module({
  imports: [SessionModule.forRoot(IDLE, { store }), ShopModule],
  providers: [{ provide: RedisSessionStore, useValue: store }, Witness, Relay],
})
export class NodeModule {}
