/**
 * What makes an adapter of an original: a class, whose constructor takes the original as its only
 * argument, or a function of the original. A function that returns `undefined` or `null` says that it
 * cannot adapt this one.
 *
 * More constructor parameters are for classes that something else builds, as a `Session` has its
 * components built with what Nest's container resolves.
 *
 * @publicApi
 */
export type AdapterFactory<T = unknown> =
  (new (...args: never[]) => T) | ((original: never) => T | undefined | null);

/** Builds the adapter around its original: classes are constructed, other functions are called. */
export function applyFactory(factory: AdapterFactory, original: unknown): unknown {
  return isClass(factory)
    ? Reflect.construct(factory, [original])
    : Reflect.apply(factory, undefined, [original]);
}

/** Only a class has a `prototype` that cannot be replaced; that of a plain function can be. */
function isClass(factory: AdapterFactory): boolean {
  return Object.getOwnPropertyDescriptor(factory, 'prototype')?.writable === false;
}
