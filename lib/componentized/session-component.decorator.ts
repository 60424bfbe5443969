import { SessionComponentError } from '../errors/session.errors.js';
import {
  type ComponentClass,
  type ComponentToken,
  isComponentToken,
  tokenName,
} from './component-token.js';
import { isStandardSchema, type StandardSchema } from './standard-schema.js';

/**
 * What `@SessionComponent()` takes.
 *
 * @publicApi
 */
export interface SessionComponentOptions {
  /**
   * The interfaces that the component answers for, beside its own class. Naming one twice is naming
   * it once.
   *
   * @default []
   */
  readonly provides?: readonly ComponentToken[];
  /**
   * The name that the component's state is stored under: letters, digits, `_`, `.` and `-`. Set it to
   * the old name before you rename the class, or the state that is stored already is not found again;
   * set it, too, where a bundler shortens class names.
   *
   * @default the class's name with a small first letter: `Cart` is stored as `cart`
   */
  readonly name?: string;
  /**
   * The version of the state's shape, a positive integer. Raise it when the shape changes, and give
   * `upgrade` for what is stored in the old one.
   *
   * @default 1
   */
  readonly version?: number;
  /** Turns state of an older version into state of this one; called when such state is loaded. */
  readonly upgrade?: (old: unknown, fromVersion: number) => unknown;
  /** Checks the state that is loaded, after `upgrade`; what does not pass is set aside. */
  readonly schema?: StandardSchema;
  /**
   * Whether each `getComponent()` builds a new instance, which is never cached.
   *
   * @default false
   */
  readonly temporary?: boolean;
  /**
   * Whether one instance serves all the interfaces that it provides. Otherwise there is one instance
   * for each interface that is asked for.
   *
   * @default true
   */
  readonly multi?: boolean;
  /**
   * Whether the component survives `session.login()`. Drop what an anonymous visitor may have
   * prepared for whoever logs in.
   *
   * @default 'keep'
   */
  readonly onLogin?: 'keep' | 'drop';
}

/** The options of a component, checked and completed. */
export interface ResolvedComponentOptions extends Required<
  Omit<SessionComponentOptions, 'upgrade' | 'schema'>
> {
  readonly upgrade: SessionComponentOptions['upgrade'];
  readonly schema: SessionComponentOptions['schema'];
}

const COMPONENT_OPTIONS = Symbol('session component');

/**
 * Makes a class a session component: an adapter of the session, with state of its own.
 *
 * It is Twisted's `@implementer(ICart)` together with the class attributes `temporaryAdapter` and
 * `multiComponent`. A subclass is no component until it is decorated itself, since it cannot be stored
 * under its parent's name; its instances do provide the interfaces of the parent.
 *
 * @throws SessionComponentError at decoration, when an option makes no sense.
 * @example
 * ```ts
 * @SessionComponent({ provides: [ICart] })
 * class Cart extends ICart {
 *   @State() items: string[] = [];
 * }
 * ```
 * @publicApi
 */
export function SessionComponent(
  options: SessionComponentOptions = {},
): (type: ComponentClass) => void {
  return (type) => {
    Reflect.defineMetadata(COMPONENT_OPTIONS, resolveOptions(type, options), type);
  };
}

/**
 * The options of a component, or `undefined` for a class that is none. Only the class's own decorator
 * counts: a subclass of a component has to be decorated to be one.
 */
export function componentOptions(type: ComponentClass): ResolvedComponentOptions | undefined {
  return Reflect.getOwnMetadata(COMPONENT_OPTIONS, type);
}

function resolveOptions(
  type: ComponentClass,
  options: SessionComponentOptions,
): ResolvedComponentOptions {
  const resolved: ResolvedComponentOptions = {
    provides: options.provides ?? [],
    name: options.name ?? type.name.charAt(0).toLowerCase() + type.name.slice(1),
    version: options.version ?? 1,
    upgrade: options.upgrade,
    schema: options.schema,
    temporary: options.temporary ?? false,
    multi: options.multi ?? true,
    onLogin: options.onLogin ?? 'keep',
  };
  const problem = problemWith(resolved);
  if (problem !== undefined) throw new SessionComponentError(tokenName(type), problem);
  return Object.freeze({ ...resolved, provides: Object.freeze([...new Set(resolved.provides)]) });
}

function problemWith(options: ResolvedComponentOptions): string | undefined {
  const { name, version, upgrade, schema, temporary, multi, onLogin } = options;
  // A name like `constructor` would be found in every stored record, whether it is there or not.
  if (typeof name !== 'string' || !/^[\w.-]+$/.test(name) || name in Object.prototype) {
    return `cannot be stored under the name ${tokenName(name)}: set name to letters, digits, "_", "." and "-".`;
  }
  if (!Number.isSafeInteger(version) || version < 1) {
    return `has version ${String(version)}: count versions 1, 2, 3, …`;
  }
  if (upgrade !== undefined && typeof upgrade !== 'function') {
    return 'has an upgrade that is no function: write upgrade: (old, fromVersion) => …';
  }
  if (schema !== undefined && !isStandardSchema(schema)) {
    return "has a schema without '~standard': use a library that speaks Standard Schema v1, as Zod 3.24, Valibot 1 and ArkType 2 do.";
  }
  if (typeof temporary !== 'boolean' || typeof multi !== 'boolean') {
    return 'has a temporary or multi that is neither true nor false.';
  }
  if (onLogin !== 'keep' && onLogin !== 'drop')
    return "has an onLogin other than 'keep' or 'drop'.";
  return problemWithProvides(options.provides);
}

function problemWithProvides(provides: unknown): string | undefined {
  if (!Array.isArray(provides)) return 'has provides that is no array: write provides: [ICart].';
  const index = [...provides].findIndex((token) => !isComponentToken(token));
  if (index === -1) return undefined;
  return provides[index] === undefined
    ? `provides undefined (at provides[${index}]): its file is imported in a circle, so the class is not there yet; move the interface to a file of its own.`
    : `provides ${tokenName(provides[index])} (at provides[${index}]), which is no interface: name a class, a string or a symbol.`;
}
