import { Injectable, type OnModuleInit } from '@nestjs/common';
import { OnSessionExpire, type SessionExpiration, SessionService } from 'nestjs-live-session';
import { RedisSessionStore } from 'nestjs-live-session/redis';
import { ICart } from '../../../01-shop/src/cart/cart.js';
import { report } from './report-to-parent.js';

/** Reports how this node is told of the ends of sessions, and which of them it handles. */
@Injectable()
export class Witness implements OnModuleInit {
  constructor(
    private readonly sessions: SessionService,
    private readonly store: RedisSessionStore,
  ) {}

  onModuleInit(): void {
    this.store.health$.subscribe((state) => report({ kind: 'redis', state }));
    this.sessions.expire$.subscribe(({ id, reason }) =>
      report({ kind: 'told', session: id, reason }),
    );
  }

  /** Work is done by one node. It reads the ended session, wherever that has lived. */
  @OnSessionExpire()
  tidyUp({ id, session }: SessionExpiration): void {
    const count = session.getComponent(ICart).items.reduce((sum, item) => sum + item.quantity, 0);
    const work = `things that went back on the shelf: ${count}`;
    report({ kind: 'handled', session: id, work });
  }
}
