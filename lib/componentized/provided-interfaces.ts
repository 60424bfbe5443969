import { type ComponentClass, type ComponentToken, isComponentClass } from './component-token.js';
import { componentOptions, type ResolvedComponentOptions } from './session-component.decorator.js';

/** What there is to know of a class before it is adapted, or is an adapter. */
export interface Specification {
  /** See {@link lineage}. */
  readonly lineage: ReadonlySet<ComponentToken>;
  /** See {@link providedBy}. */
  readonly provided: ReadonlySet<ComponentToken>;
  /** What `@SessionComponent()` says of it. */
  readonly options: ResolvedComponentOptions | undefined;
}

/** Reads it from the decorators of the class and its superclasses. */
export function specificationOf(type: ComponentClass): Specification {
  return {
    lineage: lineage(type),
    provided: providedBy(type),
    options: componentOptions(type),
  };
}

/** The class of a value, primitives included; `null`, `undefined` and bare objects have none. */
export function classOf(value: unknown): ComponentClass | undefined {
  if (value === undefined || value === null) return undefined;
  const constructor: unknown = Object.getPrototypeOf(Object(value))?.constructor;
  return isComponentClass(constructor) ? constructor : undefined;
}

/**
 * Everything that an instance of the class is and provides, nearest first: the class itself, what its
 * `@SessionComponent({ provides })` names with their superclasses, then the same for its superclass.
 * `Object` comes last. It is zope.interface's specification resolution order.
 */
export function lineage(token: ComponentToken): ReadonlySet<ComponentToken> {
  const ancestors = new Set<ComponentToken>();
  addAncestors(ancestors, token);
  if (typeof token === 'function') ancestors.add(Object);
  return ancestors;
}

/**
 * Says whether the value provides the interface: it is an instance of it, or its class or a
 * superclass names it, or a subclass of it, in `@SessionComponent({ provides })`.
 */
export function provides(value: unknown, iface: ComponentToken): boolean {
  if (typeof iface === 'function' && value instanceof iface) return true;
  const type = classOf(value);
  return type !== undefined && lineage(type).has(iface);
}

/** The interfaces that the class and its superclasses declare, and the class itself first. */
export function providedBy(type: ComponentClass): Set<ComponentToken> {
  const provided = new Set<ComponentToken>([type]);
  for (let c: ComponentClass | undefined = type; c !== undefined; c = superclassOf(c)) {
    for (const iface of componentOptions(c)?.provides ?? []) provided.add(iface);
  }
  return provided;
}

function addAncestors(ancestors: Set<ComponentToken>, token: ComponentToken): void {
  if (token === Object || ancestors.has(token)) return;
  ancestors.add(token);
  if (typeof token !== 'function') return;
  for (const iface of componentOptions(token)?.provides ?? []) addAncestors(ancestors, iface);
  const parent = superclassOf(token);
  if (parent !== undefined) addAncestors(ancestors, parent);
}

function superclassOf(type: ComponentClass): ComponentClass | undefined {
  return classOf(type.prototype);
}
