import { SetMetadata } from '@nestjs/common';

/** The metadata key of methods that handle ends of sessions. */
export const ON_SESSION_EXPIRE = Symbol('on session expire');

/**
 * Has a method of a provider or controller called with the `SessionExpiration` of every session that
 * ends, whoever or whatever ended it. The ended session is the current one while the method runs.
 *
 * What it throws is logged and keeps neither the session alive nor other handlers from being called.
 * The same end always has the same `eventId`. A provider that is made for each request or for each
 * consumer can have no such method: that is an error at boot.
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
export function OnSessionExpire(): MethodDecorator {
  return SetMetadata(ON_SESSION_EXPIRE, true);
}
