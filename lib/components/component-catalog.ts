import { AdapterRegistry } from '../componentized/adapter-registry.js';
import { type ComponentToken } from '../componentized/component-token.js';
import { classOf } from '../componentized/provided-interfaces.js';
import { standIn } from '../context/stand-in.js';
import { SessionComponentError } from '../errors/session.errors.js';
import { Session } from '../session/session.js';
import { type ComponentBlueprint } from './component-blueprint.js';
import { type UnreadableReport } from './component-slot.js';

/** How large states may be, in bytes of UTF-8. */
export interface StateLimits {
  readonly maxBytes: number;
  readonly maxComponentBytes: number;
}

const NONE: readonly ComponentBlueprint[] = [];

/** The session components that one application knows, and the registry that its sessions share. */
export class ComponentCatalog {
  readonly adapters = new AdapterRegistry();
  readonly #blueprints = new Map<unknown, ComponentBlueprint>();
  /** By the prototype of a component, which is found faster than its class. */
  readonly #reaches = new Map<unknown, readonly ComponentBlueprint[]>();

  constructor(
    readonly limits: StateLimits,
    readonly report: UnreadableReport,
  ) {}

  /**
   * @throws DuplicateAdapterError where one of its interfaces has a component already.
   * @throws SessionComponentError where another component's state is stored under its name.
   */
  register(blueprint: ComponentBlueprint): void {
    this.#claimName(blueprint);
    // An adapter class takes the session by its own constructor; the blueprint knows the rest of it.
    this.adapters.registerAdapter(blueprint.type as never, Session, ...blueprint.tokens);
    this.#blueprints.set(blueprint.type, blueprint);
  }

  has(type: unknown): boolean {
    return this.#blueprints.has(type);
  }

  blueprintOf(type: unknown): ComponentBlueprint | undefined {
    return this.#blueprints.get(type);
  }

  /** What a component was built by, or one that the application made would have been. */
  blueprintOfComponent(component: unknown): ComponentBlueprint | undefined {
    return typeof component === 'object' ? this.blueprintOf(classOf(component)) : undefined;
  }

  #claimName({ type, options: { name }, hasState }: ComponentBlueprint): void {
    if (!hasState) return;
    for (const other of this.#blueprints.values()) {
      if (other.options.name !== name || !other.hasState) continue;
      throw new SessionComponentError(
        type.name,
        `would store its state under the name '${name}', as ${other.type.name} does: give one of them another, as in @SessionComponent({ name: '…' }).`,
      );
    }
  }

  /** The component of a session that is asked for by a token. */
  blueprintFor(token: ComponentToken): ComponentBlueprint | undefined {
    return this.blueprintOf(this.adapters.getAdapterFactory(Session, token));
  }

  /**
   * What has a state of a component and those that it holds, directly or not: whoever has it can change
   * them all.
   */
  reachOf(component: unknown): readonly ComponentBlueprint[] {
    if (typeof component !== 'object' || component === null) return NONE;
    const prototype: unknown = Object.getPrototypeOf(component);
    const known = this.#reaches.get(prototype);
    if (known !== undefined) return known;
    const blueprint = this.blueprintOfComponent(component);
    if (blueprint === undefined) return NONE;
    const reach = this.#reachOf(blueprint).filter(({ hasState }) => hasState);
    this.#reaches.set(prototype, reach);
    return reach;
  }

  /** A new component of a session, with those that it holds. */
  build(blueprint: ComponentBlueprint, session: Session): object {
    return blueprint.build(session, (token) => this.#partOf(session, token));
  }

  get droppedOnLogin(): readonly ComponentBlueprint[] {
    return [...this.#blueprints.values()].filter(({ options }) => options.onLogin === 'drop');
  }

  #reachOf(blueprint: ComponentBlueprint): readonly ComponentBlueprint[] {
    const found = new Set([blueprint]);
    // A set that grows while it is read is read to its new end.
    for (const { parts } of found) {
      for (const token of parts) {
        const part = this.blueprintFor(token);
        if (part !== undefined) found.add(part);
      }
    }
    return [...found];
  }

  /**
   * What a component holds of another one of its session. Of one that a login drops it must not hold
   * the object itself, lest that survive in there.
   */
  #partOf(session: Session, token: ComponentToken): unknown {
    const isDropped = this.blueprintFor(token)?.options.onLogin === 'drop';
    if (!isDropped) return session.getComponent<unknown>(token);
    return standIn(token, () => session.getComponent(token as ComponentToken<object>));
  }
}
