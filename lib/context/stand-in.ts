import { inspect } from 'node:util';
import { type ComponentToken, tokenName } from '../componentized/component-token.js';
import { NoCurrentSessionError } from '../errors/session.errors.js';

/**
 * What frameworks look for on every provider, in and out of requests: lifecycle hooks, `then`. A
 * stand-in has none of them.
 */
const ABSENT: ReadonlySet<PropertyKey> = new Set([
  'then',
  'onModuleInit',
  'onApplicationBootstrap',
  'onModuleDestroy',
  'beforeApplicationShutdown',
  'onApplicationShutdown',
]);

/** What is asked of the stand-in itself: of which class it is, and what every object can do. */
const OWN: ReadonlySet<PropertyKey> = new Set<PropertyKey>([
  'constructor',
  Symbol.toStringTag,
  Symbol.toPrimitive,
]);

/**
 * A singleton that stands for the current session, or for one of its components: whatever is done
 * with it is done with that of the request, message or job that runs. It is an `instanceof` the class
 * that it stands for. Used where there is no current session it throws `NoCurrentSessionError`.
 *
 * @param find finds what it stands for now; `undefined` where there is none
 */
export function standIn(token: ComponentToken, find: () => object | undefined): object {
  const prototype: object = typeof token === 'function' ? token.prototype : Object.prototype;
  const methods = new Map<PropertyKey, unknown>();

  const current = (): object => {
    const object = find();
    if (object === undefined) throw new NoCurrentSessionError(`The injected ${tokenName(token)}`);
    return object;
  };

  /** Methods can be looked at without a session, as frameworks do; it takes one to call them. */
  const method = (key: PropertyKey): unknown => {
    if (!methods.has(key)) {
      methods.set(key, (...args: unknown[]) => {
        const object = current();
        return Reflect.apply(Reflect.get(object, key, object), object, args);
      });
    }
    return methods.get(key);
  };

  // `inspect()` looks past a proxy, at its target.
  const target: object = Object.create(prototype, {
    [inspect.custom]: {
      configurable: true,
      value: () => find() ?? `${tokenName(token)} { the current one }`,
    },
  });

  const proxy = new Proxy(target, {
    get(_target, key) {
      if (ABSENT.has(key)) return undefined;
      if (OWN.has(key)) return Reflect.get(target, key);
      if (key in Object.prototype && isPlain(find() ?? prototype, key)) {
        return Reflect.get(target, key);
      }
      if (key === 'toJSON' && find() === undefined) return () => ({});
      if (isMethod(prototype, key)) return method(key);
      // Frameworks look for symbols on everything; ours is asked for by those who need a session.
      const object = typeof key === 'symbol' && !(key in prototype) ? find() : current();
      if (object === undefined) return undefined;
      const value: unknown = Reflect.get(object, key, object);
      return typeof value === 'function' ? method(key) : value;
    },
    set(_target, key, value) {
      const object = current();
      return Reflect.set(object, key, value, object);
    },
    has(_target, key) {
      return Reflect.has(find() ?? prototype, key);
    },
    ownKeys: () => Reflect.ownKeys(find() ?? {}),
    getOwnPropertyDescriptor(_target, key) {
      const descriptor = Reflect.getOwnPropertyDescriptor(find() ?? {}, key);
      // The proxy's own target has no such property, so it may only be told of as configurable.
      return descriptor && { ...descriptor, configurable: true };
    },
    defineProperty: (_target, key, descriptor) =>
      Reflect.defineProperty(current(), key, descriptor),
    deleteProperty: (_target, key) => Reflect.deleteProperty(current(), key),
  });
  return new StandIn(proxy, token);
}

/** What an object stands for, or `undefined` for any other value. */
export function standsFor(value: unknown): ComponentToken | undefined {
  return typeof value === 'object' && value !== null ? StandIn.tokenOf(value) : undefined;
}

/** Lets a class put its private fields on an object that there is already. */
class Existing {
  constructor(existing: object) {
    return existing;
  }
}

/**
 * Marks a stand-in by a private field of the proxy itself. Looking for it asks the object nothing, so
 * somebody else's proxy, as a mock that has whatever it is asked for, is not taken for one.
 */
class StandIn extends Existing {
  readonly #token: ComponentToken;

  constructor(proxy: object, token: ComponentToken) {
    super(proxy);
    this.#token = token;
  }

  static tokenOf(value: object): ComponentToken | undefined {
    return #token in value ? value.#token : undefined;
  }
}

/** Whether it is what any object has, and nothing that this one has made its own. */
function isPlain(object: object, key: PropertyKey): boolean {
  return Reflect.get(object, key) === Reflect.get(Object.prototype, key);
}

function isMethod(prototype: object, key: PropertyKey): boolean {
  // Fields are what is asked for most, and no prototype has them.
  if (!(key in prototype)) return false;
  for (let p: object | null = prototype; p !== null; p = Object.getPrototypeOf(p)) {
    const descriptor = Object.getOwnPropertyDescriptor(p, key);
    if (descriptor !== undefined) return typeof descriptor.value === 'function';
  }
  return false;
}
