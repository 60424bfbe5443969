import { Controller, Get } from '@nestjs/common';
import {
  InjectSession,
  OnSessionExpire,
  RequireSession,
  Session,
  SessionComponent,
  type SessionExpiration,
  State,
} from 'nestjs-live-session';

abstract class ICart {
  abstract readonly items: readonly string[];
}

@SessionComponent({ provides: [ICart, 'cart', Symbol('cart')], version: 2, onLogin: 'drop' })
export class Cart extends ICart {
  @State() items: string[] = [];

  constructor(readonly session: Session) {
    super();
  }
}

// @ts-expect-error provides a list
@SessionComponent({ provides: ICart })
// @ts-expect-error a number is no interface
@SessionComponent({ provides: [42] })
// @ts-expect-error no such option
@SessionComponent({ scope: 'request' })
// @ts-expect-error no such choice
@SessionComponent({ onLogin: 'clear' })
export class Wrong {}

@RequireSession()
@RequireSession({ principal: true })
@Controller()
export class Positions {
  @InjectSession() readonly session!: Session;
  @InjectSession(ICart) readonly cart!: ICart;

  constructor(
    @InjectSession() readonly own: Session,
    @InjectSession(ICart) readonly iCart: ICart,
    @InjectSession('tenant') readonly tenant: unknown,
  ) {}

  @Get()
  @RequireSession({ freshWithin: 300, level: 'mfa' })
  show(
    @InjectSession() session: Session,
    @InjectSession(ICart) cart: ICart,
    @InjectSession({ create: false }) visitor?: Session,
  ): unknown {
    return [session, cart, visitor];
  }

  @OnSessionExpire() remind(expiration: SessionExpiration): string {
    return expiration.reason;
  }

  // @ts-expect-error a method is not injected
  @InjectSession() wrong(): void {}

  // @ts-expect-error a number is no component
  @InjectSession(42) number: unknown;

  // @ts-expect-error no such option
  @InjectSession({ creates: false }) options: unknown;

  // @ts-expect-error only methods are called
  @OnSessionExpire() field: unknown;

  // @ts-expect-error no such requirement
  @RequireSession({ user: true }) requirement(): void {}
}

// @ts-expect-error a class is not injected
@InjectSession()
export class Injected {}
