import { MetadataScanner, type ModulesContainer } from '@nestjs/core';
import { standsFor } from '../context/stand-in.js';
import { SessionComponentError } from '../errors/session.errors.js';
import { type SessionExpiration } from '../session/session-expiration.js';
import { ON_SESSION_EXPIRE, type OnSessionExpireOptions } from './on-session-expire.decorator.js';

/** A method that is called with ends. */
export interface ExpirationHandler {
  /** `Class.method`, or what the decorator was given: the same on every node, and unique. */
  readonly name: string;
  readonly handle: (expiration: SessionExpiration) => unknown;
}

/**
 * Finds the `@OnSessionExpire()` methods of an application's providers and controllers, inherited ones
 * included. What is provided by several names is one provider.
 *
 * @throws SessionComponentError for one on a provider that is made for each request, or each consumer.
 */
export function findExpirationHandlers(modules: ModulesContainer): readonly ExpirationHandler[] {
  const scanner = new MetadataScanner();
  const seen = new Set<unknown>();
  const handlers: ExpirationHandler[] = [];
  for (const { providers, controllers } of modules.values()) {
    for (const wrapper of [...providers.values(), ...controllers.values()]) {
      const instance: unknown = wrapper.instance;
      if (!isObject(instance)) continue;
      const names = handlerNames(instance, scanner);
      if (names.length === 0) continue;
      if (wrapper.isTransient || !wrapper.isDependencyTreeStatic()) {
        throw new SessionComponentError(
          `${instance.constructor.name}.${names[0]}`,
          'handles ends of sessions, and belongs to a request or to one consumer, of which there may be none or many when a session ends: give the class, and what it depends on, the default scope.',
        );
      }
      const provider = standsFor(instance) ?? instance;
      if (seen.has(provider)) continue;
      seen.add(provider);
      handlers.push(...names.map((name) => handlerOf(instance, name)));
    }
  }
  return assertDistinct(handlers);
}

/** Nodes tell each other by name which handler has done what. */
function assertDistinct(handlers: readonly ExpirationHandler[]): readonly ExpirationHandler[] {
  const names = new Set<string>();
  for (const { name } of handlers) {
    if (names.has(name)) {
      throw new SessionComponentError(
        name,
        "is the name of two methods that handle ends of sessions: give one another, as in @OnSessionExpire({ name: 'mail' }).",
      );
    }
    names.add(name);
  }
  return handlers;
}

function handlerNames(instance: object, scanner: MetadataScanner): readonly string[] {
  const prototype: unknown = Object.getPrototypeOf(instance);
  if (!isObject(prototype)) return [];
  return scanner
    .getAllMethodNames(prototype)
    .filter((name) => isHandler(Reflect.get(prototype, name)));
}

/** The method is looked up with each call, so that one that a test replaces is the one that is called. */
function handlerOf(instance: object, name: string): ExpirationHandler {
  return {
    name: optionsOf(Reflect.get(instance, name))?.name ?? `${instance.constructor.name}.${name}`,
    handle: (expiration) => {
      const method: unknown = Reflect.get(instance, name);
      return typeof method === 'function'
        ? Reflect.apply(method, instance, [expiration])
        : undefined;
    },
  };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isHandler(method: unknown): boolean {
  return optionsOf(method) !== undefined;
}

function optionsOf(method: unknown): OnSessionExpireOptions | undefined {
  return typeof method === 'function'
    ? (Reflect.getMetadata(ON_SESSION_EXPIRE, method) as OnSessionExpireOptions | undefined)
    : undefined;
}
