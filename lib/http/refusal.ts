import { type ServerResponse } from 'node:http';
import { type SessionError } from '../errors/session.error.js';
import { SessionStoreUnavailableError } from '../errors/session.errors.js';
import { asSessionError } from '../store/store-failure.js';

/** Headers that speak of the body that is not sent. */
const OF_THE_BODY = [
  'accept-ranges',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-length',
  'content-range',
  'content-type',
  'etag',
  'last-modified',
  'location',
  'set-cookie',
  'transfer-encoding',
];

/** Tells the client when to come back, where the store is away. */
export function setRetryAfter(response: ServerResponse, error: SessionError): void {
  if (!(error instanceof SessionStoreUnavailableError) || response.headersSent) return;
  response.setHeader('Retry-After', error.retryAfter);
}

/** Answers with an error in place of what the handler wanted to send. Other headers, as CORS's, stay. */
export function refuse(response: ServerResponse, reason: unknown): SessionError {
  const error = asSessionError(reason);
  for (const name of OF_THE_BODY) response.removeHeader(name);
  setRetryAfter(response, error);
  const body = JSON.stringify(error.getResponse());
  response.statusCode = error.getStatus();
  response.statusMessage = '';
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.setHeader('Cache-Control', 'no-store');
  response.end(body);
  return error;
}
