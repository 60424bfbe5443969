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
 * Who asks for the current session without waiting for it: nobody, only these controllers, or anything
 * that may run in any request.
 */
export type ContextDemand = 'nobody' | 'anybody' | ReadonlySet<unknown>;

/**
 * Finds out whether anything in an application is given something of ours that depends on whose request
 * runs: only then is every request to have a context.
 *
 * A controller runs for its own routes only. Whatever else is given it may be reached by ways that
 * cannot be seen from here, as handlers of events and commands are.
 *
 * @param isOurs tells the modules of this library
 */
export function contextDemand(
  modules: ModulesContainer,
  isOurs: (module: unknown) => boolean,
): ContextDemand {
  const demands = (wrapper: Wrapper): boolean =>
    givenTo(wrapper).some((given) => isOurs(given.host?.metatype));
  const controllers = new Set<unknown>();
  for (const module of modules.values()) {
    if (isOurs(module.metatype)) continue;
    const others = [module.providers, module.injectables, module.middlewares];
    if (others.some((wrappers) => [...wrappers.values()].some(demands))) return 'anybody';
    for (const wrapper of module.controllers.values()) {
      if (demands(wrapper)) controllers.add(wrapper.metatype);
    }
  }
  return controllers.size === 0 ? 'nobody' : controllers;
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
