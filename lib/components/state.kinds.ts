import { type Fields } from './plain-json.js';

/** An object literal, of whichever realm, or an object without a prototype. */
export function isPlainObject(value: object): value is Fields {
  const prototype: object | null = Object.getPrototypeOf(value);
  if (prototype === null) return true;
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf');
}

/** An instance of a class, of whichever realm, that has no other base class than Object. */
export function isDirectInstance(value: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(value);
  const root: object | null = prototype && Object.getPrototypeOf(prototype);
  return root !== null && Object.getPrototypeOf(root) === null;
}

/** The name of an object's class, for a message. */
export function classNameOf(value: object): string {
  const prototype: { constructor?: { name?: unknown } } | null = Object.getPrototypeOf(value);
  return String(prototype?.constructor?.name);
}
