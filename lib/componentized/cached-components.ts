import { type ComponentToken } from './component-token.js';

/**
 * A component that is cached under an interface, and the next one. An object has few, so they stand in
 * a row: a table takes four times the memory, and is no faster for as few.
 */
export interface CachedComponent {
  readonly iface: ComponentToken;
  component: unknown;
  next: CachedComponent | undefined;
}

/** What is cached under an interface, in the row that begins here. */
export function cachedUnder(
  first: CachedComponent | undefined,
  iface: ComponentToken,
): CachedComponent | undefined {
  let cached = first;
  while (cached !== undefined && cached.iface !== iface) cached = cached.next;
  return cached;
}

/** The row with a component under an interface, in place of what is there. */
export function withCached(
  first: CachedComponent | undefined,
  iface: ComponentToken,
  component: unknown,
): CachedComponent {
  if (first === undefined) return { iface, component, next: undefined };
  let cached = first;
  while (cached.iface !== iface && cached.next !== undefined) cached = cached.next;
  if (cached.iface === iface) cached.component = component;
  else cached.next = { iface, component, next: undefined };
  return first;
}

/** The row without what is cached under an interface. */
export function withoutCached(
  first: CachedComponent | undefined,
  iface: ComponentToken,
): CachedComponent | undefined {
  if (first?.iface === iface) return first.next;
  let before = first;
  while (before?.next !== undefined && before.next.iface !== iface) before = before.next;
  if (before?.next !== undefined) before.next = before.next.next;
  return first;
}
