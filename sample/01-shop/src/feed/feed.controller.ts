import { Controller, Get, type MessageEvent, Sse } from '@nestjs/common';
import { InjectSession, Session } from 'nestjs-live-session';
import { type Observable, of } from 'rxjs';
import { ShopFeed } from './shop.feed.js';

@Controller('api')
export class FeedController {
  constructor(private readonly feed: ShopFeed) {}

  /** Looking around makes no session, so it costs no cookie. */
  @Get('shop')
  show(@InjectSession({ create: false }) session?: Session) {
    return session ? this.feed.publish(session) : this.feed.view();
  }

  /** A page that comes back after its session went, or after a restart, is told so. */
  @Sse('events')
  events(@InjectSession({ create: false }) session?: Session): Observable<MessageEvent> {
    return session ? this.feed.follow(session) : of({ type: 'ended', data: { reason: 'lost' } });
  }
}
