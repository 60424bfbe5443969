import { SessionStoreUnavailableError } from '../errors/session.errors.js';
import { type OperationTimeouts } from '../store/operation-timeouts.js';
import { type SendCommand } from './redis-client.js';
import { type RedisHealth } from './redis-health.js';
import { type Script } from './script.js';

/** What a server says that answers, but cannot serve: it is starting, full, or no master any more. */
const UNABLE = /^(LOADING|MASTERDOWN|CLUSTERDOWN|READONLY|TRYAGAIN|OOM|NOREPLICAS|MISCONF|BUSY) /;

/**
 * The way to the server: sends scripts and commands, gives up what takes too long, and knows whether
 * the server is well. All that it throws is a `SessionStoreUnavailableError`.
 */
export class RedisLink {
  constructor(
    private readonly sendCommand: SendCommand,
    private readonly timeouts: OperationTimeouts,
    private readonly health: RedisHealth,
  ) {}

  /** Runs a script by its hash; one that the server has not seen, or has forgotten, is sent whole. */
  async run(script: Script, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    const rest = [String(keys.length), ...keys, ...args];
    const key = keys[0] ?? '';
    try {
      return await this.#ask(key, ['EVALSHA', script.sha, ...rest]);
    } catch (error) {
      if (!isReply(error, /^NOSCRIPT/)) throw unavailable(error);
      return this.send(key, ['EVAL', script.source, ...rest]);
    }
  }

  /** Sends a command to the server that has the key. */
  async send(key: string, args: readonly string[]): Promise<unknown> {
    try {
      return await this.#ask(key, args);
    } catch (error) {
      throw unavailable(error);
    }
  }

  async #ask(key: string, args: readonly string[]): Promise<unknown> {
    try {
      const reply = await this.timeouts.limit(this.sendCommand(key, args), tooLate);
      this.health.succeeded();
      return reply;
    } catch (error) {
      // A server that finds fault with the command is there.
      if (!isErrorReply(error) || UNABLE.test(error.message)) this.health.failed(error);
      throw error;
    }
  }
}

/** Whether the server itself said so. */
export function isReply(error: unknown, pattern: RegExp): boolean {
  const cause = error instanceof SessionStoreUnavailableError ? error.cause : error;
  return cause instanceof Error && pattern.test(cause.message);
}

/** node-redis has a class for what the server says; older ones are told by their first word. */
function isErrorReply(error: unknown): error is Error {
  return error instanceof Error && /^[A-Z]{2,} /.test(error.message);
}

function tooLate(): Error {
  return new Error('No answer within the operation time-out.');
}

function unavailable(error: unknown): SessionStoreUnavailableError {
  return error instanceof SessionStoreUnavailableError
    ? error
    : new SessionStoreUnavailableError(error);
}
