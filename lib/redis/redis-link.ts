import { SessionStoreUnavailableError } from '../errors/session.errors.js';
import { type OperationTimeouts } from '../store/operation-timeouts.js';
import { type RedisConnection } from './redis-connection.js';
import { type RedisHealth } from './redis-health.js';
import { type Script } from './script.js';
import { Silence } from './silence.js';

/**
 * What a server says that answers, but cannot serve: it is starting, full, no master any more, or knows
 * us no more. Redis before 7 puts what a script met after its own words.
 */
const UNABLE =
  /(^|: -)(LOADING|MASTERDOWN|CLUSTERDOWN|READONLY|TRYAGAIN|OOM|NOREPLICAS|MISCONF|BUSY |NOAUTH|NOPERM|WRONGPASS)/;

/** What a server says that is somebody's replica: whom the address leads to may be another by now. */
const NO_MASTER = /(^|: -)(READONLY|MASTERDOWN)/;

/**
 * The way to the server of some keys: sends scripts and commands, gives up what takes too long, and knows
 * whether the server is well. All that it throws is a `SessionStoreUnavailableError`.
 */
export class RedisLink {
  readonly #silence = new Silence();

  constructor(
    private readonly connection: Pick<RedisConnection, 'send' | 'renew'>,
    private readonly timeouts: OperationTimeouts,
    private readonly health: RedisHealth,
  ) {}

  /** Runs a script by its hash; one that the server has not seen, or has forgotten, is sent whole. */
  async run(script: Script, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    const command = ['EVALSHA', script.sha, String(keys.length), ...keys, ...args];
    const key = keys[0] ?? '';
    try {
      return await this.#ask(key, command);
    } catch (error) {
      if (!isReply(error, /^NOSCRIPT/)) throw unavailable(error);
      return this.send(key, ['EVAL', script.source, ...command.slice(2)]);
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
    const question = this.#silence.ask();
    if (question === undefined) throw tooLate();
    const sent = this.connection.send(key, args);
    // However late it comes, an answer says that the server is there.
    sent.then(question.answered, (error: unknown) => {
      if (isErrorReply(error)) question.answered();
    });
    const late = (): Error => {
      if (question.late()) this.connection.renew(() => this.#silence.isLasting);
      return tooLate();
    };
    try {
      const reply = await this.timeouts.limit(sent, late);
      // A script that works on many sessions may be able to do for some what it cannot for others.
      const inability = Array.isArray(reply) ? reply.find(isInability) : undefined;
      if (inability === undefined) this.health.succeeded();
      else this.#failed(inability);
      return reply;
    } catch (error) {
      // A server that finds fault with the command is there.
      if (!isErrorReply(error) || isInability(error)) this.#failed(error);
      throw error;
    } finally {
      question.over();
    }
  }

  #failed(error: unknown): void {
    this.health.failed(error);
    if (isReply(error, NO_MASTER)) this.connection.renew(() => true);
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

function isInability(error: unknown): boolean {
  return isErrorReply(error) && UNABLE.test(error.message);
}

function tooLate(): Error {
  return new Error('No answer within the operation time-out.');
}

/** What every store throws where it cannot be asked. */
export function unavailable(error: unknown): SessionStoreUnavailableError {
  return error instanceof SessionStoreUnavailableError
    ? error
    : new SessionStoreUnavailableError(error);
}
