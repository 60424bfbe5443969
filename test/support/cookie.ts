import { type Session } from 'nestjs-live-session';
import { setCookies } from './boot.js';

/** The `Cookie` header that brings a session, over plain http unless another name is given. */
export function cookieOf({ uid }: Session, name = 'sid'): string {
  return `${name}=${uid}`;
}

/** The `Cookie` header by which a client sends back what a response set. */
export function cookieFrom(response: { headers: Record<string, unknown> }): string {
  return setCookies(response)
    .map((cookie) => cookie.slice(0, cookie.indexOf(';')))
    .join('; ');
}
