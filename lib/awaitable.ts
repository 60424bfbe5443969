/** A value that is there already, or a promise of it: no promise is made where nothing waits. */
export type Awaitable<T> = T | Promise<T>;

/** Goes on with the value at once where it is there, else when it arrives. */
export function whenReady<T, R>(
  value: Awaitable<T>,
  next: (value: T) => Awaitable<R>,
): Awaitable<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}
