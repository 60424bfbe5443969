import { SessionComponentError } from '../errors/session.errors.js';

/** A class, abstract or not. Abstract classes are how an interface exists at run time. */
export type ComponentClass<T = unknown> = abstract new (...args: never[]) => T;

/**
 * What a component is asked for by: a class that stands for an interface, or a name.
 *
 * TypeScript's own interfaces are gone at run time, so an abstract class takes their place, as in
 * `session.getComponent(ICart)`. Strings and symbols serve where there is no class, as in
 * `session.getComponent('tenant')`; their type is then unknown to the compiler.
 *
 * @publicApi
 */
export type ComponentToken<T = unknown> = ComponentClass<T> | string | symbol;

/** Says whether a value is a class, as far as one can tell: arrow functions and methods are none. */
export function isComponentClass(value: unknown): value is ComponentClass {
  return typeof value === 'function' && typeof value.prototype === 'object';
}

/** Says whether a value can be a {@link ComponentToken}. */
export function isComponentToken(value: unknown): value is ComponentToken {
  return typeof value === 'string' || typeof value === 'symbol' || isComponentClass(value);
}

/** Refuses what cannot be a token, before a look-up that would only find nothing. */
export function assertComponentToken(value: unknown): asserts value is ComponentToken {
  if (isComponentToken(value)) return;
  throw new SessionComponentError(
    tokenName(value),
    'is no class or interface: name a class, a string or a symbol. A class that is undefined is imported in a circle; move it to a file of its own.',
  );
}

/** How messages call a token, a class or a function; of other values they show no content. */
export function tokenName(token: unknown): string {
  if (typeof token === 'function') return token.name === '' ? 'an anonymous class' : token.name;
  if (typeof token === 'object' && token !== null) return 'an object';
  return typeof token === 'string' ? `'${token}'` : String(token);
}
