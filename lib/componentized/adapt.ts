import { CannotAdaptError } from './adapter.errors.js';
import { assertComponentToken, type ComponentToken, tokenName } from './component-token.js';
import { classOf, provides } from './provided-interfaces.js';

/** The last resort of {@link adaptWith}; `undefined` or `null` where it cannot adapt either. */
export type AdapterHook = (object: unknown, iface: ComponentToken) => unknown;

/**
 * Finds what answers for an object under an interface, without any registry.
 *
 * It is zope.interface's `IShop(object)`: what `object.conform(iface)` returns, if the object has
 * such a method and it returns something; else the object itself, if it provides the interface; else
 * the default. A default counts as given even where it is `undefined` or `null`.
 *
 * Most applications use `session.getComponent()` and never call this.
 *
 * @throws CannotAdaptError without a default.
 * @publicApi
 */
export function adapt<T>(object: unknown, iface: ComponentToken<T>): T;
export function adapt<T, D = T>(object: unknown, iface: ComponentToken<T>, fallback: D): T | D;
export function adapt(object: unknown, iface: ComponentToken, ...fallback: unknown[]): unknown {
  return adaptWith(object, iface, () => undefined, fallback);
}

/** {@link adapt} with an adapter hook, which is asked after the object and before the default. */
export function adaptWith(
  object: unknown,
  iface: ComponentToken,
  hook: AdapterHook,
  fallback: readonly unknown[],
): unknown {
  assertComponentToken(iface);
  const adapted =
    conformed(object, iface) ?? (provides(object, iface) ? object : hook(object, iface));
  if (adapted !== undefined && adapted !== null) return adapted;
  if (fallback.length > 0) return fallback[0];
  throw new CannotAdaptError(tokenName(classOf(object) ?? object), tokenName(iface));
}

function conformed(object: unknown, iface: ComponentToken): unknown {
  if ((typeof object !== 'object' && typeof object !== 'function') || object === null) {
    return undefined;
  }
  return 'conform' in object && typeof object.conform === 'function'
    ? object.conform(iface)
    : undefined;
}
