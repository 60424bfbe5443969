import {
  Controller,
  Get,
  Injectable,
  type MiddlewareConsumer,
  Module,
  type NestMiddleware,
} from '@nestjs/common';
import { Session } from 'nestjs-live-session';
import { boot } from '../support/boot.js';
import { cookieOf } from '../support/cookie.js';
import { PLATFORMS_AND_STORES, storeThatAnswers } from '../support/stores.js';

@Injectable()
class Audit implements NestMiddleware {
  static seen: string[] = [];

  constructor(private readonly session: Session) {}

  use(_request: unknown, _response: unknown, next: () => void): void {
    Audit.seen.push(this.session.id);
    next();
  }
}

@Controller('health')
class HealthController {
  @Get() show(): unknown {
    return {};
  }
}

@Module({ controllers: [HealthController] })
class AuditModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(Audit).forRoutes('*path');
  }
}

describe.each(PLATFORMS_AND_STORES)('On %s, stored %s,', (platform, answers) => {
  it('a middleware that alone was given the session has it from the first request on', async () => {
    Audit.seen = [];
    const store = storeThatAnswers(answers);
    const { http, sessions } = await boot({ platform, options: { store }, imports: [AuditModule] });
    const session = await sessions.makeSession();

    for (let request = 0; request < 2; request++) {
      await http.get('/health').set('Cookie', cookieOf(session)).expect(200);
    }

    expect(Audit.seen).toEqual([session.id, session.id]);
  });
});
