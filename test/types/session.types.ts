import {
  type ComponentToken,
  type Session,
  type SessionEndReason,
  type SessionExpiration,
  type SessionInfo,
  type SessionService,
} from 'nestjs-live-session';
import { type Observable, type Subscription } from 'rxjs';
import { same } from './same.js';

abstract class ICart {
  abstract add(sku: string): number;
}

class Cart extends ICart {
  add(): number {
    return 1;
  }
}

export async function components(session: Session): Promise<void> {
  const iCart = session.getComponent(ICart);
  same<typeof iCart, ICart>(true);
  const cart = session.getComponent(Cart);
  same<typeof cart, Cart>(true);
  const cartOrNull = session.getComponent(ICart, null);
  same<typeof cartOrNull, ICart | null>(true);
  const tenant = session.getComponent('tenant');
  same<typeof tenant, unknown>(true);
  const named = session.getComponent<string>('tenant');
  same<typeof named, string>(true);
  const byToken = session.getComponent({} as ComponentToken<Cart>);
  same<typeof byToken, Cart>(true);
  session.setComponent(ICart, new Cart());
  session.setComponent(Symbol('tenant'), 'acme');

  // @ts-expect-error a number is no token
  session.getComponent(42);
  // @ts-expect-error neither is an object
  session.getComponent(new Cart());
  // @ts-expect-error nor is what provides another interface
  session.setComponent(ICart, { total: 1 });
}

export async function updates(session: Session): Promise<void> {
  const added = await session.update(ICart, (cart) => cart.add('tea'));
  same<typeof added, number>(true);
  const addedLater = await session.update(ICart, async (cart) => cart.add('tea'));
  same<typeof addedLater, number>(true);
  const nothing = await session.update(Cart, () => {});
  same<typeof nothing, void>(true);
  await session.update('tenant', (tenant) => same<typeof tenant, unknown>(true));

  // @ts-expect-error the interface has no such method
  await session.update(ICart, (cart) => cart.clear());
}

export function fields(session: Session): void {
  session.sessionTimeout = 60;
  same<Session['uid'], string>(true);
  same<Session['principal'], string | undefined>(true);
  same<ReturnType<Session['touch']>, boolean>(true);

  // @ts-expect-error it never changes
  session.id = 'id';
  // @ts-expect-error regenerate() changes it
  session.uid = 'uid';
  // @ts-expect-error login() changes it
  session.principal = 'ada';
  // @ts-expect-error touch() changes it
  session.lastModified = 0;
  // @ts-expect-error the options set it
  session.absoluteTimeout = 60;
}

export async function ends(session: Session): Promise<void> {
  same<Session['expire$'], Observable<SessionExpiration>>(true);
  same<SessionService['expire$'], Observable<SessionExpiration>>(true);
  same<SessionService['create$'], Observable<Session>>(true);
  session.expire$.subscribe(({ eventId, id, reason, at, principal, session: ended }) => {
    same<typeof eventId, string>(true);
    same<typeof id, string>(true);
    same<typeof reason, SessionEndReason>(true);
    same<typeof at, number>(true);
    same<typeof principal, string | undefined>(true);
    same<typeof ended, Session>(true);
  });
  const subscription: Subscription = session.notifyOnExpire(async ({ reason }) => reason);
  subscription.unsubscribe();
  await session.expire();
  await session.expire('idle');
  await session.expire('banned');
  await session.login('ada', { level: 'mfa' });

  // @ts-expect-error a reason is a string
  await session.expire(42);
  // @ts-expect-error a principal is a string
  await session.login(42);
  // @ts-expect-error no such option
  await session.login('ada', { fresh: true });
}

export async function service(sessions: SessionService, session: Session): Promise<void> {
  const found = await sessions.findSession('uid');
  same<typeof found, Session | undefined>(true);
  const got = await sessions.getSession('uid');
  same<typeof got, Session>(true);
  const current = sessions.current();
  same<typeof current, Session | undefined>(true);
  const result = sessions.run(session, () => 42);
  same<typeof result, number>(true);
  for await (const info of sessions.list({ principal: 'ada', after: 'id', limit: 10 })) {
    same<typeof info, SessionInfo>(true);
    // @ts-expect-error a listing has no uids
    void info.uid;
  }
  await sessions.expireAll('ada', { except: session, reason: 'revoked' });

  // @ts-expect-error no such filter
  sessions.list({ user: 'ada' });
}
