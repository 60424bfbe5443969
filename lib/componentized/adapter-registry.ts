import { SessionComponentError } from '../errors/session.errors.js';
import { adaptWith } from './adapt.js';
import { type AdapterFactory, applyFactory } from './adapter-factory.js';
import { DuplicateAdapterError } from './adapter.errors.js';
import {
  assertComponentToken,
  type ComponentClass,
  type ComponentToken,
  tokenName,
} from './component-token.js';
import { classOf, type Specification, specificationOf } from './provided-interfaces.js';

/**
 * Knows which adapter leads from an original to an interface.
 *
 * It is Twisted's `twisted.python.components` registry as an object: there is no global one, so two
 * applications in a process share nothing. Most applications use `SessionModule.forFeature()` and
 * never call this.
 *
 * @example
 * ```ts
 * const registry = new AdapterRegistry();
 * registry.registerAdapter(Cart, Shopper, ICart);
 * registry.adapt(new Shopper(), ICart).add('tea');
 * ```
 * @publicApi
 */
export class AdapterRegistry {
  readonly #adapters = new Map<ComponentToken, Map<ComponentToken, AdapterFactory>>();
  /** What was read of classes since the last registration: a class is decorated before that. */
  #specifications = new WeakMap<ComponentClass, Specification>();

  /**
   * Registers an adapter from instances of the original to each of the interfaces.
   *
   * The original is a class, or an interface that a class provides. An adapter serves subclasses,
   * too, until they get one of their own. Either all of the call is registered or nothing.
   *
   * @throws DuplicateAdapterError when there is an adapter from this original to one of the
   * interfaces already, even the same one, or an interface is named twice.
   * @throws SessionComponentError when no interface is named, or an argument is `undefined`.
   */
  registerAdapter(
    adapter: AdapterFactory,
    original: ComponentToken,
    ...interfaces: ComponentToken[]
  ): void {
    assertRegistrable(adapter, original, interfaces);
    const adapters = new Map(this.#adapters.get(original));
    for (const iface of interfaces) {
      const existing = adapters.get(iface);
      if (existing !== undefined) {
        throw new DuplicateAdapterError(
          tokenName(adapter),
          tokenName(existing),
          tokenName(original),
          tokenName(iface),
        );
      }
      adapters.set(iface, adapter);
    }
    this.#adapters.set(original, adapters);
    this.#specifications = new WeakMap();
  }

  /**
   * The adapter from the original to the interface, or the default.
   *
   * The original's own adapters come first, then those of the interfaces that it provides by
   * `@SessionComponent({ provides })`, then those of its superclasses, the nearest first.
   */
  getAdapterFactory<T, D = undefined>(
    original: ComponentToken,
    iface: ComponentToken<T>,
    fallback?: D,
  ): AdapterFactory<T> | D;
  getAdapterFactory(original: ComponentToken, iface: ComponentToken, fallback?: unknown): unknown {
    const isClass = typeof original === 'function';
    for (const ancestor of isClass ? this.specificationOf(original).lineage : [original]) {
      const factory = this.#adapters.get(ancestor)?.get(iface);
      if (factory !== undefined) return factory;
    }
    return fallback;
  }

  /**
   * Finds what answers for an object under an interface: what its `conform(iface)` returns, else the
   * object itself if it provides the interface, else an adapter of this registry built around it, else
   * the default. The adapter is not kept: each call builds one, unless `conform` remembers it, as that
   * of a `Componentized` does.
   *
   * @throws CannotAdaptError without a default; an explicit `undefined` is one.
   */
  adapt<T>(object: unknown, iface: ComponentToken<T>): T;
  adapt<T, D = T>(object: unknown, iface: ComponentToken<T>, fallback: D): T | D;
  adapt(object: unknown, iface: ComponentToken, ...fallback: unknown[]): unknown {
    return adaptWith(object, iface, (o, i) => this.#build(o, i), fallback);
  }

  /**
   * What a class is and provides, read once.
   *
   * @internal
   */
  specificationOf(type: ComponentClass): Specification {
    const known = this.#specifications.get(type);
    if (known !== undefined) return known;
    const specification = specificationOf(type);
    this.#specifications.set(type, specification);
    return specification;
  }

  #build(object: unknown, iface: ComponentToken): unknown {
    const type = classOf(object);
    const factory = type === undefined ? undefined : this.getAdapterFactory(type, iface);
    return factory === undefined ? undefined : applyFactory(factory, object);
  }
}

function assertRegistrable(
  adapter: unknown,
  original: unknown,
  interfaces: readonly unknown[],
): void {
  if (typeof adapter !== 'function') {
    throw new SessionComponentError(
      tokenName(adapter),
      'is no adapter: register a class or a function. A class that is undefined is imported in a circle; move it to a file of its own.',
    );
  }
  for (const token of [original, ...interfaces]) assertComponentToken(token);
  if (interfaces.length === 0) {
    throw new SessionComponentError(
      tokenName(adapter),
      `is registered for no interface: name at least one, as in registerAdapter(${tokenName(adapter)}, ${tokenName(original)}, ICart).`,
    );
  }
}
