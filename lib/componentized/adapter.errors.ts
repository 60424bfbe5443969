import { SessionError } from '../errors/session.error.js';

/**
 * An object provides neither the interface that was asked for nor has an adapter to it.
 *
 * @publicApi
 */
export class CannotAdaptError extends SessionError {
  constructor(
    /** The name of the object's class. */
    readonly original: string,
    /** The name of the interface. */
    readonly interfaceName: string,
  ) {
    super(
      'CANNOT_ADAPT',
      `${original} cannot be adapted to ${interfaceName}: register an adapter, as in registry.registerAdapter(Adapter, ${original}, ${interfaceName}), or pass a default as the last argument.`,
    );
  }
}

/**
 * Two adapters are registered from one original to one interface. Nothing of the refused call is
 * registered.
 *
 * @publicApi
 */
export class DuplicateAdapterError extends SessionError {
  constructor(
    /** The name of the adapter that is refused. */
    readonly adapter: string,
    /** The name of the adapter that is registered already, or in the same call. */
    readonly existing: string,
    /** The name of the original. */
    readonly original: string,
    /** The name of the interface. */
    readonly interfaceName: string,
  ) {
    super(
      'DUPLICATE_ADAPTER',
      `${adapter} is not registered, since ${existing} adapts ${original} to ${interfaceName} already: remove one of the two, or register ${adapter} for a subclass of ${original}.`,
    );
  }
}
