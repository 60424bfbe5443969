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

/** One dependency, or what a session has in its place. */
interface Part {
  readonly dependency: unknown;
  /** What the dependency stands for: the session itself, or a component of it. */
  readonly token: ComponentToken | undefined;
}

/**
 * How one class of components is built and stored. Where its dependencies are stand-ins for the
 * current session or one of its components, an instance is given those of its own session.
 */
export class ComponentBlueprint {
  readonly options: ResolvedComponentOptions;
  /** The names of its persisted fields. */
  readonly fields: readonly string[];
  readonly hasState: boolean;
  /** What its state is stored under. The version is part of it, so that two builds share no state. */
  readonly key: string;
  /** What the other components of its session are asked for by that it holds, and may change. */
  readonly parts: readonly ComponentToken[];
  readonly #parameters: readonly Part[];
  readonly #properties: readonly (readonly [PropertyKey, Part])[];

  constructor(
    readonly type: ComponentClass,
    { parameters, properties }: ComponentDependencies,
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
    this.hasState = this.fields.length > 0;
    this.key = this.keyOf(options.version);
    this.#parameters = parameters.map(partOf);
    this.#properties = [...properties].map(([key, dependency]) => [key, partOf(dependency)]);
    this.parts = [...this.#parameters, ...this.#properties.map(([, part]) => part)]
      .map(({ token }) => token ?? Session)
      .filter((token) => token !== Session);
    if (this.hasState && (options.temporary || !options.multi)) {
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

  /** Whether its state is stored under the key, in whatever version. */
  owns(key: string): boolean {
    return key.startsWith(`${this.options.name}@`);
  }

  /**
   * A new instance.
   *
   * @param part the component of the session that is asked for by a token
   */
  build(session: Session, part: (token: ComponentToken) => unknown): object {
    const own = ({ dependency, token }: Part): unknown => {
      if (token === undefined) return dependency;
      return token === Session ? session : part(token);
    };
    const component: object = Reflect.construct(this.type, this.#parameters.map(own));
    for (const [key, property] of this.#properties) Reflect.set(component, key, own(property));
    return component;
  }
}

function partOf(dependency: unknown): Part {
  return { dependency, token: standsFor(dependency) };
}
