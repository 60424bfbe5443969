import { Controller, Get, Inject, Module } from '@nestjs/common';

/**
 * Makes a controller of a class, as decorators would: these are plain files, which Node runs as they
 * are.
 *
 * @param {Function} type
 * @param {Record<string, Function[]>} routes the decorators of each handler's parameters, in order
 * @param {unknown[]} given what the constructor is given
 */
export function controller(type, routes, given = []) {
  Controller()(type);
  given.forEach((token, index) => Inject(token)(type, undefined, index));
  for (const [name, parameters] of Object.entries(routes)) {
    Get(name)(type.prototype, name, Object.getOwnPropertyDescriptor(type.prototype, name));
    parameters.forEach((decorate, index) => decorate(type.prototype, name, index));
  }
  return type;
}

/** Makes a module of nothing but its parts. */
export function moduleOf(parts) {
  const type = class {};
  Module(parts)(type);
  return type;
}
