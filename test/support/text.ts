import { type Response } from 'supertest';

/** A parser for supertest: takes the body as text, whatever it says that it is. */
export function text(response: Response, done: (error: Error | null, body: string) => void): void {
  const stream = response as unknown as NodeJS.ReadableStream;
  let body = '';
  stream.on('data', (chunk) => (body += String(chunk)));
  stream.on('end', () => done(null, body));
}
