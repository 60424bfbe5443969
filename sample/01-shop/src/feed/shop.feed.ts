import { Injectable, type MessageEvent } from '@nestjs/common';
import { Reactor, type Session, type SessionExpiration, SessionService } from 'nestjs-live-session';
import {
  filter,
  map,
  merge,
  type Observable,
  startWith,
  Subject,
  switchMap,
  takeUntil,
} from 'rxjs';
import { Profile } from '../account/profile.js';
import { ICart } from '../cart/cart.js';
import { PriceService } from '../cart/price.service.js';

/** Whose pages have something new to show. */
export type Changed = Pick<SessionExpiration, 'id' | 'principal'>;

/** Keeps every open page of a session up to date. */
@Injectable()
export class ShopFeed {
  /** What requests have changed here, and on other nodes where there are any. */
  readonly changed$ = new Subject<Changed>();
  readonly changedElsewhere$ = new Subject<Changed>();

  constructor(
    private readonly prices: PriceService,
    private readonly sessions: SessionService,
    private readonly reactor: Reactor,
  ) {}

  /** What a page shows. Reading it does not touch the session: only requests do. */
  async view(session?: Session) {
    const cart = session?.getComponent(ICart);
    return {
      now: this.reactor.seconds(),
      products: this.prices.products,
      cart: { items: cart?.items ?? [], total: cart?.total ?? 0 },
      ...(session && { session: about(session), sessions: await this.sessionsOf(session) }),
    };
  }

  /** Saves, tells the open pages, and answers with what they show now. */
  async publish(session: Session) {
    await session.save();
    this.changed$.next({ id: session.id, principal: session.principal });
    return this.view(session);
  }

  /** The view now and after each change, then why the session ended. */
  follow(session: Session): Observable<MessageEvent> {
    const concerns = ({ id, principal }: Changed) =>
      id === session.id || (principal !== undefined && principal === session.principal);
    const views = merge(this.changed$, this.changedElsewhere$, this.sessions.expire$).pipe(
      filter(concerns),
      startWith(session),
      // Found again, lest another node has changed it meanwhile.
      switchMap(() => this.sessions.findById(session.id)),
      switchMap(async (found = session) => ({ type: 'changed', data: await this.view(found) })),
      takeUntil(session.expire$),
    );
    const end = session.expire$.pipe(map(({ reason }) => ({ type: 'ended', data: { reason } })));
    return merge(views, end);
  }

  /** The sessions of the same principal, this one included. */
  async sessionsOf({ id, principal }: Session) {
    const found = [];
    if (principal === undefined) return [];
    for await (const info of this.sessions.list({ principal })) {
      const session = await this.sessions.findById(info.id);
      if (session) found.push({ ...about(session), current: session.id === id });
    }
    return found;
  }
}

function about(session: Session) {
  const { id, createdAt, lastModified, expiresAt, principal, sessionTimeout } = session;
  const { name, device, since } = session.getComponent(Profile);
  const endsAt = session.absoluteExpiresAt;
  const profile = { name, device, since };
  return { id, createdAt, lastModified, expiresAt, endsAt, sessionTimeout, principal, profile };
}
