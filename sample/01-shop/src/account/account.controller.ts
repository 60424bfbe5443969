import { Body, Controller, Get, Headers, HttpCode, Post } from '@nestjs/common';
import { InjectSession, RequireSession, Session, SessionService } from 'nestjs-live-session';
import { ShopFeed } from '../feed/shop.feed.js';
import { NamePipe } from './name.pipe.js';
import { Profile } from './profile.js';

@Controller('api')
export class AccountController {
  constructor(
    private readonly feed: ShopFeed,
    private readonly sessions: SessionService,
  ) {}

  /** A demonstration: a name is enough. A real shop asks for a proof before it calls `login`. */
  @Post('login')
  @HttpCode(200)
  async login(
    @InjectSession() session: Session,
    @InjectSession(Profile) profile: Profile,
    @Body('name', NamePipe) name: string,
    @Headers('user-agent') userAgent?: string,
  ) {
    await session.login(name);
    profile.arrive(name, userAgent);
    return this.feed.publish(session);
  }

  @Post('logout')
  @HttpCode(204)
  async logout(@InjectSession({ create: false }) session?: Session) {
    await session?.logout();
  }

  @Get('sessions')
  @RequireSession({ principal: true })
  list(@InjectSession() session: Session) {
    return this.feed.sessionsOf(session);
  }

  @Post('sessions/end-others')
  @HttpCode(200)
  @RequireSession({ principal: true })
  async endOthers(@InjectSession() session: Session) {
    if (session.principal) await this.sessions.expireAll(session.principal, { except: session });
    return this.feed.publish(session);
  }
}
