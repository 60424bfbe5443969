/** A value that is there already, or a promise of it: no promise is made where nothing waits. */
export type Awaitable<T> = T | Promise<T>;

/** Whether it is a promise: of this realm and library, or of another one. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

/** Goes on with the value at once where it is there, else when it arrives. */
export function whenReady<T, R>(
  value: Awaitable<T>,
  next: (value: T) => Awaitable<R>,
): Awaitable<R> {
  return isThenable(value) ? Promise.resolve(value).then(next) : next(value);
}
