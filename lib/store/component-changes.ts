import { type SessionRecord, type StoredComponent } from './session-record.js';
import { type ComponentChange } from './session.store.js';

/** Which write of a component a record has; 0 where it has none. */
export function revisionOf({ components }: SessionRecord, key: string): number {
  return components?.get(key)?.revision ?? 0;
}

/** The changes that were made from another write of their component than the record has. */
export function staleOf(
  record: SessionRecord,
  changes: readonly ComponentChange[] = [],
): readonly ComponentChange[] {
  return changes.filter(({ key, revision }) => revisionOf(record, key) !== revision);
}

/**
 * The components of a record once changes to them are saved.
 *
 * @param revision of this write, which no other has had
 */
export function withChanges(
  components: ReadonlyMap<string, StoredComponent> | undefined,
  changes: readonly ComponentChange[],
  revision: number,
): ReadonlyMap<string, StoredComponent> {
  const result = new Map(components);
  for (const { key, text } of changes) {
    if (text === undefined) result.delete(key);
    else result.set(key, { text, revision });
  }
  return result;
}
