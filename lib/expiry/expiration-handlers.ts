import { MetadataScanner, type ModulesContainer } from '@nestjs/core';
import { SessionComponentError } from '../errors/session.errors.js';
import { type SessionExpiration } from '../session/session-expiration.js';
import { ON_SESSION_EXPIRE } from './on-session-expire.decorator.js';

/** A method that is called with every end. */
export type ExpirationHandler = (expiration: SessionExpiration) => unknown;

/**
 * Finds the `@OnSessionExpire()` methods of an application's providers and controllers.
 *
 * @throws SessionComponentError for one on a request-scoped provider: no request runs when a session ends.
 */
export function findExpirationHandlers(modules: ModulesContainer): readonly ExpirationHandler[] {
  const scanner = new MetadataScanner();
  const handlers: ExpirationHandler[] = [];
  for (const { providers, controllers } of modules.values()) {
    for (const wrapper of [...providers.values(), ...controllers.values()]) {
      const { instance, metatype } = wrapper;
      const prototype: unknown = metatype?.prototype;
      if (typeof instance !== 'object' || instance === null || !isObject(prototype)) continue;
      for (const name of scanner.getAllMethodNames(prototype)) {
        const method: unknown = Reflect.get(prototype, name);
        if (!isHandler(method)) continue;
        if (!wrapper.isDependencyTreeStatic()) {
          throw new SessionComponentError(
            `${metatype?.name}.${name}`,
            'handles ends of sessions and is request-scoped: no request runs when a session ends, so give the class the default scope.',
          );
        }
        handlers.push((expiration) => Reflect.apply(method, instance, [expiration]));
      }
    }
  }
  return handlers;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isHandler(method: unknown): method is (...args: unknown[]) => unknown {
  return typeof method === 'function' && Reflect.getMetadata(ON_SESSION_EXPIRE, method) === true;
}
