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

/** A way into a value, as one would write it: `cart.items[2]["unit price"].keys()[0]`. */
export function pathOf(name: string, trail: readonly (string | number)[]): string {
  const steps = trail.map((step) => {
    if (typeof step === 'number') return `[${step}]`;
    return /^[\w$]+(?:\(\))?$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
  });
  return name + steps.join('');
}
