import {
  Body,
  Controller,
  Get,
  Injectable,
  Module,
  Post,
  type MessageEvent,
  Sse,
} from '@nestjs/common';
import {
  InjectSession,
  OnSessionExpire,
  RequireSession,
  Session,
  SessionComponent,
  type SessionExpiration,
  SessionModule,
  SessionService,
  State,
} from 'nestjs-live-session';
import { map, type Observable } from 'rxjs';

// 1. An interface that exists at run time, and any provider of your own.
export abstract class ICart {
  abstract add(sku: string): void;
  abstract readonly total: number;
}

@Injectable()
export class PriceService {
  priceOf(sku: string): number {
    return sku.length * 100;
  }
}

// 2. A component: what each session has of its own. Nest injects it, and @State() is saved.
@SessionComponent({ provides: [ICart] })
export class Cart extends ICart {
  @State() items: string[] = [];

  constructor(private readonly prices: PriceService) {
    super();
  }

  add(sku: string): void {
    this.items.push(sku);
  }

  get total(): number {
    return this.items.reduce((sum, sku) => sum + this.prices.priceOf(sku), 0);
  }
}

// 3. The session and its components in handlers. No request scope, no `req`.
@Controller()
export class ShopController {
  constructor(private readonly sessions: SessionService) {}

  @Post('cart')
  add(@InjectSession(ICart) cart: ICart, @Body('sku') sku: string): { total: number } {
    cart.add(sku);
    return { total: cart.total };
  }

  @Post('login')
  async login(@InjectSession() session: Session, @Body('name') name: string): Promise<void> {
    await session.login(name);
  }

  @Post('logout-everywhere')
  @RequireSession({ principal: true })
  async logoutEverywhere(@InjectSession() session: Session): Promise<{ ended: number }> {
    return { ended: await this.sessions.expireAll(session.principal ?? '', { except: session }) };
  }

  // 4. The end of the session, as it happens.
  @Sse('end')
  @RequireSession()
  end(@InjectSession() session: Session): Observable<MessageEvent> {
    return session.expire$.pipe(map(({ reason }) => ({ data: { reason } })));
  }

  @Get('me')
  me(@InjectSession({ create: false }) session?: Session): { name: string } {
    return { name: session?.principal ?? 'nobody' };
  }
}

// 5. The end as work to be done. The ended session still answers.
@Injectable()
export class Reminders {
  readonly due: string[] = [];

  @OnSessionExpire()
  remind({ session, reason, principal }: SessionExpiration): void {
    const { total } = session.getComponent(ICart);
    if (reason === 'idle' && total > 0) this.due.push(`${principal}: ${total}`);
  }
}

// 6. The module: sessions end after 900 seconds of idleness.
@Module({
  imports: [SessionModule.forRoot(900), SessionModule.forFeature([Cart])],
  controllers: [ShopController],
  providers: [PriceService, Reminders],
})
export class AppModule {}
