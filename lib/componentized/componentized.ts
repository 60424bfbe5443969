import { SessionComponentError } from '../errors/session.errors.js';
import { type AdapterFactory, applyFactory } from './adapter-factory.js';
import { type AdapterRegistry } from './adapter-registry.js';
import {
  type CachedComponent,
  cachedUnder,
  withCached,
  withoutCached,
} from './cached-components.js';
import {
  assertComponentToken,
  type ComponentClass,
  type ComponentToken,
  tokenName,
} from './component-token.js';
import { classOf, type Specification, specificationOf } from './provided-interfaces.js';

/** Stands in the cache for a component whose constructor runs. */
const BUILDING = Symbol('building');

/**
 * An object that can be adapted in various ways, persistently: it keeps its adapters, so they may
 * hold state of their own. It is Twisted's `twisted.python.components.Componentized`.
 *
 * What an adapter provides, and whether it is temporary or serves all its interfaces at once, is told
 * by `@SessionComponent()`. An adapter class without it is kept for the one interface that it was
 * asked for.
 *
 * @example
 * ```ts
 * class Shopper extends Componentized {}
 * registry.registerAdapter(Cart, Shopper, ICart);
 * new Shopper(registry).getComponent(ICart)?.add('tea');
 * ```
 * @publicApi
 */
export class Componentized {
  readonly #registry: AdapterRegistry | undefined;
  #cached: CachedComponent | undefined;

  /** @param registry Where adapters are looked up. Without one there are only those that are set. */
  constructor(registry?: AdapterRegistry) {
    this.#registry = registry;
  }

  /** The adapter that the registry knows from instances of a class to an interface, or the default. */
  locateAdapterClass<T, D = undefined>(
    klass: ComponentToken,
    iface: ComponentToken<T>,
    fallback?: D,
  ): AdapterFactory<T> | D;
  locateAdapterClass(klass: ComponentToken, iface: ComponentToken, fallback?: unknown): unknown {
    return this.#registry?.getAdapterFactory(klass, iface, fallback) ?? fallback;
  }

  /** Adapts this object with the adapter class and caches the adapter under the interface. */
  setAdapter<T>(iface: ComponentToken<T>, adapterClass: AdapterFactory<NoInfer<T>>): void {
    this.setComponent<unknown>(iface, this.createAdapter(adapterClass));
  }

  /**
   * Adapts this object with the adapter class and adds the adapter, as {@link addComponent} does.
   *
   * @returns the adapter, also where no interface was appropriate and it is not cached.
   */
  addAdapter<T>(adapterClass: AdapterFactory<T>, ignoreClass?: boolean): T;
  addAdapter(adapterClass: AdapterFactory, ignoreClass = false): unknown {
    const adapter = this.createAdapter(adapterClass);
    this.addComponent(adapter, ignoreClass);
    return adapter;
  }

  /**
   * Caches a component under the interface, in place of what is there. A component that is
   * `undefined` or `null` hides what the registry would give. `setAdapter`, `addAdapter` and
   * `addComponent` come through here.
   */
  setComponent<T>(iface: ComponentToken<T>, component: NoInfer<T>): void {
    assertComponentToken(iface);
    this.#cached = withCached(this.#cached, iface, component);
  }

  /**
   * Caches a component under all appropriate interfaces, in place of what is there.
   *
   * Candidates are its own class and the interfaces that its class and superclasses provide by
   * `@SessionComponent({ provides })`. Appropriate is one to which this object is adapted by exactly
   * the component's class; with `ignoreClass` all those interfaces are, whatever is registered.
   */
  addComponent(component: unknown, ignoreClass = false): void {
    const type = classOf(component);
    if (type === undefined) return;
    for (const iface of Componentized.#specificationOf(this, type).provided) {
      const isNamed = ignoreClass && iface !== type;
      if (isNamed || adapterClass(this, iface) === type) {
        this.setComponent(iface, component);
      }
    }
  }

  /** Forgets the component that is cached under the interface. Where there is none it does nothing. */
  unsetComponent(iface: ComponentToken): void {
    this.#cached = withoutCached(this.#cached, iface);
  }

  /**
   * Forgets a component under every interface.
   *
   * @returns the interfaces that it was cached under, none if it was not.
   */
  removeComponent(component: unknown): ComponentToken[] {
    const removed: ComponentToken[] = [];
    for (let cached = this.#cached; cached !== undefined; cached = cached.next) {
      if (cached.component === component) removed.push(cached.iface);
    }
    for (const iface of removed) this.#cached = withoutCached(this.#cached, iface);
    return removed;
  }

  /**
   * The component for the interface, which is built on first use and cached; or the default.
   *
   * What is cached comes first, then this object itself if it provides the interface, then the
   * adapter of {@link locateAdapterClass}. An adapter that is `temporary` is not cached; one that is
   * `multi` is added by {@link addComponent}, too. An adapter function that returns `undefined` or
   * `null` leads to the default. What a constructor throws is passed on, and the next call tries again.
   *
   * @throws SessionComponentError when the constructor of the component asks for it, directly or
   * through other components.
   */
  getComponent<T>(iface: ComponentToken<T>): T | undefined;
  getComponent<T, D = T>(iface: ComponentToken<T>, fallback: D): T | D;
  getComponent(iface: ComponentToken, fallback?: unknown): unknown {
    const cached = cachedUnder(this.#cached, iface);
    if (cached?.component === BUILDING) throw cycleError(iface);
    if (cached !== undefined) return cached.component;
    assertComponentToken(iface);
    if (Componentized.#provides(this, iface)) return this;
    const factory = adapterClass(this, iface);
    return (factory && Componentized.#build(this, iface, factory)) ?? fallback;
  }

  /** What `adapt()` asks first: the component for the interface, or `undefined`. */
  conform<T>(iface: ComponentToken<T>): T | undefined {
    return this.getComponent(iface);
  }

  /**
   * Builds an adapter around this object; every adapter that this object builds comes from here.
   * Override it to give adapters more than their original, as `Session` does.
   */
  protected createAdapter(factory: AdapterFactory): unknown {
    return applyFactory(factory, this);
  }

  /**
   * Builds and caches. It goes by the cache itself: a subclass that overrides `setComponent` or
   * `unsetComponent` hears of what its user sets, not of this. Static, since a private method would
   * cost every instance a slot.
   */
  static #build(self: Componentized, iface: ComponentToken, factory: AdapterFactory): unknown {
    self.#cached = withCached(self.#cached, iface, BUILDING);
    try {
      const adapter = self.createAdapter(factory);
      const type = classOf(adapter);
      const options = type && Componentized.#specificationOf(self, type).options;
      if (adapter === undefined || adapter === null || options?.temporary) return adapter;
      self.#cached = withCached(self.#cached, iface, adapter);
      if (options?.multi) self.addComponent(adapter);
      return adapter;
    } finally {
      if (cachedUnder(self.#cached, iface)?.component === BUILDING) {
        self.#cached = withoutCached(self.#cached, iface);
      }
    }
  }

  static #provides(self: Componentized, iface: ComponentToken): boolean {
    if (typeof iface === 'function' && self instanceof iface) return true;
    const type = classOf(self);
    return type !== undefined && Componentized.#specificationOf(self, type).lineage.has(iface);
  }

  /** The registry has read it before. */
  static #specificationOf(self: Componentized, type: ComponentClass): Specification {
    return self.#registry?.specificationOf(type) ?? specificationOf(type);
  }
}

function adapterClass(self: Componentized, iface: ComponentToken): AdapterFactory | undefined {
  const klass = classOf(self);
  return klass && self.locateAdapterClass(klass, iface);
}

function cycleError(iface: ComponentToken): SessionComponentError {
  return new SessionComponentError(
    tokenName(iface),
    'is asked for while it is built, by its own constructor or that of a component it asks for: ask later, in the method that needs it.',
  );
}
