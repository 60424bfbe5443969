import { SessionComponentError } from '../errors/session.errors.js';
import { type ComponentClass, tokenName } from './component-token.js';

const STATE_FIELDS = Symbol('state fields');

/**
 * Marks a field of a session component as state, which is stored with the session.
 *
 * A field without it lives on this node only, for as long as the component does. The field's initialiser is
 * the state of a new session. Subclasses inherit the state fields of their parents.
 *
 * @throws SessionComponentError at decoration, for what cannot be stored under its name: static
 * properties, methods, accessors, symbols, and names that every object has (`constructor`, `__proto__`).
 * @example
 * ```ts
 * @State() items: string[] = [];
 * ```
 * @publicApi
 */
export function State(): PropertyDecorator {
  // Decorators of methods and accessors are given a descriptor, which PropertyDecorator leaves out.
  return (target: object, field: string | symbol, ...descriptor: unknown[]) => {
    const type = typeof target === 'function' ? target : target.constructor;
    const problem = problemWith(target, field, descriptor[0]);
    if (problem !== undefined) {
      throw new SessionComponentError(`${tokenName(type)}.${String(field)}`, problem);
    }
    Reflect.defineMetadata(STATE_FIELDS, [...ownStateFields(type), field], type);
  };
}

/**
 * The names of a component's state fields: those of its superclasses first, in the order of
 * declaration. A field that a subclass declares again keeps its place and is named once.
 */
export function stateFields(type: ComponentClass): readonly string[] {
  const fields: string[][] = [];
  for (let c: unknown = type; typeof c === 'function'; c = Object.getPrototypeOf(c)) {
    fields.unshift(ownStateFields(c));
  }
  return [...new Set(fields.flat())];
}

function ownStateFields(type: object): string[] {
  return Reflect.getOwnMetadata(STATE_FIELDS, type) ?? [];
}

function problemWith(target: object, field: PropertyKey, descriptor: unknown): string | undefined {
  if (typeof target === 'function') {
    return 'is static, so all sessions would share it: put @State() on a field of the instance.';
  }
  if (typeof field === 'symbol')
    return 'cannot be stored under a symbol: name the field by a string.';
  if (field in Object.prototype) return 'has a name that every object has: choose another one.';
  if (descriptor !== undefined)
    return 'is no field: put @State() on the field that holds the value.';
  return undefined;
}
