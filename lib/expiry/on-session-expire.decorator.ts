import { SetMetadata } from '@nestjs/common';

/** The metadata key of methods that handle ends of sessions. */
export const ON_SESSION_EXPIRE = Symbol('on session expire');

/** What `@OnSessionExpire()` takes. */
export interface OnSessionExpireOptions {
  /**
   * What the nodes of an application know the method by. Give one that stays where classes are renamed,
   * or two have the same name: what has ended and was not handled yet is kept under it.
   *
   * @default `Class.method`
   */
  readonly name?: string;
}

/**
 * Has a method of a provider or controller called with the `SessionExpiration` of the sessions that
 * end, whoever or whatever ended them. The ended session is the current one while the method runs.
 *
 * With the embedded store it is called once with each end, and what it throws is logged. With a store
 * that many nodes share, each end is handled by one of the nodes, *at least* once: where that node
 * crashes by another, and where the method throws or takes too long again, later and later, until it is
 * reported and put among the dead letters. The same end always has the same `eventId`; put what must
 * not be done twice into `SessionService.once()`.
 *
 * What it throws keeps neither the session alive nor other handlers from being called. A provider that
 * is made for each request or for each consumer can have no such method: that is an error at boot.
 *
 * @example
 * ```ts
 * @OnSessionExpire()
 * remind({ session, reason }: SessionExpiration) {
 *   if (reason === 'idle') this.mail.abandoned(session.getComponent(ICart));
 * }
 * ```
 * @publicApi
 */
export function OnSessionExpire(options: OnSessionExpireOptions = {}): MethodDecorator {
  return SetMetadata(ON_SESSION_EXPIRE, options);
}
