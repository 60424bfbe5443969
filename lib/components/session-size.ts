import { SessionTooLargeError } from '../errors/session.errors.js';
import { type SessionRecord } from '../store/session-record.js';
import { type ComponentChange } from '../store/session.store.js';
import { isAside } from './component-slot.js';

/**
 * Checks how large a session's states are once changes to them are saved. What was set aside is no fault of
 * whoever uses the session now.
 *
 * @throws SessionTooLargeError for more than `maxBytes` bytes of UTF-8
 */
export function assertSize(
  { components }: SessionRecord,
  changes: readonly ComponentChange[],
  maxBytes: number,
): void {
  if (longest(components?.values() ?? [], changes) <= maxBytes) return;
  const texts = new Map<string, string | undefined>();
  for (const [key, { text }] of components ?? []) texts.set(key, text);
  for (const { key, text } of changes) texts.set(key, text);
  let bytes = 0;
  for (const [key, text = ''] of texts) if (!isAside(key)) bytes += Buffer.byteLength(text);
  if (bytes > maxBytes) throw new SessionTooLargeError('session', maxBytes);
}

/** What the states may come to at most: a UTF-16 unit takes no more than three bytes of UTF-8. */
function longest(
  saved: Iterable<{ readonly text: string }>,
  changes: readonly ComponentChange[],
): number {
  let units = 0;
  for (const { text } of saved) units += text.length;
  for (const { text = '' } of changes) units += text.length;
  return units * 3;
}
