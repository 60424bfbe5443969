import { Logger } from '@nestjs/common';
import { type ServerResponse } from 'node:http';
import { type Session } from '../session/session.js';
import { absoluteEndOf } from '../store/session-record.js';
import { type CookiePolicy } from './cookie-policy.js';
import { type Credentials, readCredentials } from './credentials.js';
import { type HttpRequest } from './http-exchange.js';

/** How a uid gets from the client to here and back: by cookie, by header, or both. */
export class SessionTransport {
  readonly #logger = new Logger('SessionModule');
  readonly #header: string | undefined;
  #isWarned = false;

  constructor(
    private readonly cookie: CookiePolicy | undefined,
    header: string | undefined,
  ) {
    this.#header = header?.toLowerCase();
  }

  read(request: HttpRequest, secure: boolean): Credentials {
    const credentials = readCredentials(
      request.headers,
      this.cookie?.acceptedName(secure),
      this.#header,
    );
    if (credentials.kind === 'contradictory') {
      this.#logger.warn('A request named two sessions at once, and was given none of them.');
    }
    return credentials;
  }

  /** The request headers by which a client brings a uid; none where nothing is accepted from it. */
  headersFor(uid: string, secure: boolean): Record<string, string> {
    const name = this.cookie?.acceptedName(secure);
    return {
      ...(name !== undefined && { cookie: `${name}=${uid}` }),
      ...(this.#header !== undefined && { [this.#header]: uid }),
    };
  }

  /** Tells the client the uid of its session. @param now Unix seconds */
  set(response: ServerResponse, secure: boolean, session: Session, now: number): void {
    if (this.#header !== undefined) {
      response.setHeader(this.#header, session.$uid);
      this.#uncached(response, this.#header);
    }
    if (this.cookie === undefined) return;
    const obstacle = this.cookie.obstacle(secure);
    if (obstacle !== undefined) return this.#warnOnce(obstacle);
    const left = absoluteEndOf(session.$record) - now;
    response.appendHeader('Set-Cookie', this.cookie.set(secure, session.$uid, left));
    this.#uncached(response, 'Cookie');
  }

  /** Tells the client that the session it named is gone. */
  clear(response: ServerResponse, secure: boolean): void {
    if (this.cookie === undefined || this.cookie.obstacle(secure) !== undefined) return;
    response.appendHeader('Set-Cookie', this.cookie.clear(secure));
    this.#uncached(response, 'Cookie');
  }

  /** No cache may hand one client's uid to another, whatever the handler said (CVE-2023-30861). */
  #uncached(response: ServerResponse, varyBy: string): void {
    response.setHeader('Cache-Control', 'no-store');
    const vary = [response.getHeader('Vary') ?? []].flat().join(', ');
    const names = vary.split(',').map((name) => name.trim().toLowerCase());
    if (names.includes('*') || names.includes(varyBy.toLowerCase())) return;
    response.setHeader('Vary', vary === '' ? varyBy : `${vary}, ${varyBy}`);
  }

  #warnOnce(obstacle: string): void {
    if (!this.#isWarned) this.#logger.warn(obstacle);
    this.#isWarned = true;
  }
}
