import { ModuleRef, type ModulesContainer } from '@nestjs/core';
import { type Type } from '@nestjs/common';
import { type ComponentClass } from '../componentized/component-token.js';
import { componentOptions } from '../componentized/session-component.decorator.js';
import { SessionComponentError } from '../errors/session.errors.js';
import { ComponentBlueprint, type ComponentDependencies } from './component-blueprint.js';
import { type ComponentCatalog } from './component-catalog.js';
import { FEATURE_COMPONENTS, SessionFeatureModule } from './session-feature.module.js';

/** A module, as Nest's container knows it. */
type ContainerModule = ModulesContainer extends Map<string, infer M> ? M : never;

/**
 * Registers the components of every `forFeature()` of the application, with dependencies that Nest
 * resolves here, once. A component sees what the module sees that imports `forFeature()`, private
 * providers included.
 *
 * @throws SessionComponentError, DuplicateAdapterError at boot, with the component's name.
 */
export async function loadComponents(
  modules: ModulesContainer,
  catalog: ComponentCatalog,
): Promise<void> {
  for (const importer of modules.values()) {
    refuseStrays(importer);
    for (const feature of importer.imports) {
      if (feature.metatype !== SessionFeatureModule) continue;
      for (const type of componentsOf(feature)) {
        if (catalog.has(type)) continue;
        catalog.register(new ComponentBlueprint(type, await dependenciesOf(type, importer)));
      }
    }
  }
}

/** A component that Nest made itself would be one for all sessions, and show each what is another's. */
function refuseStrays({ name, providers }: ContainerModule): void {
  for (const { metatype } of providers.values()) {
    if (
      typeof metatype !== 'function' ||
      componentOptions(metatype as ComponentClass) === undefined
    )
      continue;
    throw new SessionComponentError(
      metatype.name,
      `is among the providers of ${name}, where all sessions would share one instance: take it out of there, and leave it to SessionModule.forFeature([${metatype.name}]).`,
    );
  }
}

function componentsOf(feature: ContainerModule): readonly ComponentClass[] {
  return feature.providers.get(FEATURE_COMPONENTS)?.instance as readonly ComponentClass[];
}

/**
 * Has Nest create a class that carries the component's metadata but only keeps what it is given: so
 * the component's dependencies are resolved by Nest's own rules, and its constructor is not run.
 */
async function dependenciesOf(
  type: ComponentClass,
  importer: ContainerModule,
): Promise<ComponentDependencies> {
  const moduleRef = importer.providers.get(ModuleRef)?.instance as ModuleRef;
  try {
    const probe = await moduleRef.create(probeOf(type));
    const keys = Reflect.ownKeys(probe).filter((key) => key !== PARAMETERS);
    return {
      parameters: probe[PARAMETERS],
      properties: new Map(keys.map((key) => [key, Reflect.get(probe, key)])),
    };
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new SessionComponentError(
      type.name,
      `cannot be built: ${cause} It takes what the module that imports forFeature([${type.name}]) can see, and nothing request-scoped, since a session outlives its requests.`,
      error,
    );
  }
}

const PARAMETERS = Symbol('parameters');

interface Probe {
  readonly [PARAMETERS]: readonly unknown[];
}

function probeOf(type: ComponentClass): Type<Probe> {
  const probe = class {
    constructor(...parameters: unknown[]) {
      Object.defineProperty(this, PARAMETERS, { value: parameters });
    }
  };
  Object.defineProperty(probe, 'name', { value: type.name });
  for (const key of Reflect.getMetadataKeys(type)) {
    Reflect.defineMetadata(key, Reflect.getMetadata(key, type), probe);
  }
  return probe as unknown as Type<Probe>;
}
