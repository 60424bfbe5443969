import { type ApplicationConfig, type ModulesContainer } from '@nestjs/core';
import { SessionService } from '../session/session.service.js';
import { standsFor } from './stand-in.js';

/** Something that Nest's container holds, with what it was given. */
type Wrapper = ReturnType<
  (
    ModulesContainer extends Map<string, infer M>
      ? M extends { providers: infer P }
        ? P
        : never
      : never
  ) extends Map<unknown, infer W>
    ? () => W
    : never
>;

/**
 * Whether anything in an application is given something of ours that depends on whose request runs:
 * only then is every request to have a context.
 *
 * @param isOurs tells the modules of this library
 */
export function isContextDemanded(
  modules: ModulesContainer,
  isOurs: (module: unknown) => boolean,
): boolean {
  for (const module of modules.values()) {
    if (isOurs(module.metatype)) continue;
    const wrappers = [
      ...module.providers.values(),
      ...module.controllers.values(),
      ...module.injectables.values(),
      ...module.middlewares.values(),
    ];
    if (
      wrappers.some((wrapper) => givenTo(wrapper).some((given) => isOurs(given.host?.metatype)))
    ) {
      return true;
    }
  }
  return false;
}

/** Whether `main.ts` gave something of the kind to a global guard, pipe, interceptor or filter that it made. */
export function isContextHandedOver(config: ApplicationConfig): boolean {
  const made: readonly object[] = [
    ...config.getGlobalGuards(),
    ...config.getGlobalPipes(),
    ...config.getGlobalInterceptors(),
    ...config.getGlobalFilters(),
  ];
  return made
    .flatMap((one) => Object.values(one))
    .some((given) => given instanceof SessionService || standsFor(given) !== undefined);
}

function givenTo(wrapper: Wrapper): readonly Wrapper[] {
  const parameters = wrapper.getCtorMetadata() ?? [];
  const properties = wrapper.getPropertiesMetadata() ?? [];
  return [...parameters, ...properties.map((property) => property.wrapper)];
}
