import { type ComponentClass, type ComponentToken } from '../componentized/component-token.js';
import {
  componentOptions,
  type ResolvedComponentOptions,
} from '../componentized/session-component.decorator.js';
import { stateFields } from '../componentized/state.decorator.js';
import { SessionComponentError } from '../errors/session.errors.js';
import { standsFor } from '../context/stand-in.js';
import { Session } from '../session/session.js';

/** What Nest's container resolved for a component's class, once, at boot. */
export interface ComponentDependencies {
  /** In the order of the constructor's parameters. */
  readonly parameters: readonly unknown[];
  readonly properties: ReadonlyMap<PropertyKey, unknown>;
}

/**
 * How one class of components is built and stored. Where its dependencies are stand-ins for the
 * current session or one of its components, an instance is given those of its own session.
 */
export class ComponentBlueprint {
  readonly options: ResolvedComponentOptions;
  /** The names of its persisted fields. */
  readonly fields: readonly string[];
  /** What its state is stored under. The version is part of it, so that two builds share no state. */
  readonly key: string;

  constructor(
    readonly type: ComponentClass,
    private readonly dependencies: ComponentDependencies,
  ) {
    const options = componentOptions(type);
    if (options === undefined) {
      throw new SessionComponentError(
        type.name,
        'is no session component: decorate it with @SessionComponent().',
      );
    }
    this.options = options;
    this.fields = stateFields(type);
    this.key = this.keyOf(options.version);
    if (this.fields.length > 0 && (options.temporary || !options.multi)) {
      throw new SessionComponentError(
        type.name,
        'has @State() fields and more than one instance in a session, which would overwrite each other: remove temporary and multi, or the @State().',
      );
    }
  }

  /** Everything that it is asked for by. */
  get tokens(): readonly ComponentToken[] {
    return [...new Set([this.type, ...this.options.provides])];
  }

  /** What a version of its state is stored under. */
  keyOf(version: number): string {
    return `${this.options.name}@${version}`;
  }

  /** A new instance, and the components of the same session that it was given. */
  build(session: Session): { readonly component: object; readonly parts: readonly unknown[] } {
    const parts: unknown[] = [];
    const own = (dependency: unknown): unknown => {
      const token = standsFor(dependency);
      if (token === undefined) return dependency;
      if (token === Session) return session;
      const part = session.getComponent(token);
      parts.push(part);
      return part;
    };
    const { parameters, properties } = this.dependencies;
    const component: object = Reflect.construct(this.type, parameters.map(own));
    for (const [key, dependency] of properties) Reflect.set(component, key, own(dependency));
    return { component, parts };
  }
}
