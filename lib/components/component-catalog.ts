import { AdapterRegistry } from '../componentized/adapter-registry.js';
import { Session } from '../session/session.js';
import { type ComponentBlueprint } from './component-blueprint.js';
import { type UnreadableReport } from './component-slot.js';

/** How large states may be, in bytes of UTF-8. */
export interface StateLimits {
  readonly maxBytes: number;
  readonly maxComponentBytes: number;
}

/** The session components that one application knows, and the registry that its sessions share. */
export class ComponentCatalog {
  readonly adapters = new AdapterRegistry();
  readonly #blueprints = new Map<unknown, ComponentBlueprint>();

  constructor(
    readonly limits: StateLimits,
    readonly report: UnreadableReport,
  ) {}

  /** @throws DuplicateAdapterError where one of its interfaces has a component already. */
  register(blueprint: ComponentBlueprint): void {
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

  get droppedOnLogin(): readonly ComponentBlueprint[] {
    return [...this.#blueprints.values()].filter(({ options }) => options.onLogin === 'drop');
  }
}
