import { createHash } from 'node:crypto';
import { type SessionRecord } from '../store/session-record.js';
import { type SessionChange } from '../store/session.store.js';
import { type ShardKeys } from './redis-keys.js';
import { type RedisLink, unavailable } from './redis-link.js';
import { type ResolvedRedisOptions } from './redis-options.js';
import {
  type Committed,
  type Opened,
  readCommitted,
  readOpened,
  type Trace,
  traceOf,
} from './redis-answers.js';
import { milliseconds } from './redis-record.js';
import { type Script, scriptOf } from './script.js';
import { COMMIT } from './scripts/commit.js';
import { CREATE } from './scripts/create.js';
import { END } from './scripts/end.js';
import { OPEN } from './scripts/open.js';
import { REVOKE, REVOKED } from './scripts/revoke.js';
import { SWEEP } from './scripts/sweep.js';
import { type AnswerOf, TickBatch } from './tick-batch.js';

export type Created =
  | { readonly kind: 'made'; readonly at: number }
  | { readonly kind: 'taken' }
  | { readonly kind: 'full'; readonly first: Member };

export type Ended =
  | { readonly kind: 'ended'; readonly entry: string }
  | { readonly kind: 'later'; readonly isStuck: boolean }
  | Trace;

/** What the sweep of a shard has found. */
export interface Found {
  /** How many nodes there are, this one included. */
  readonly nodes: number;
  /** Whether this node was known: otherwise it may have missed something. */
  readonly isKnown: boolean;
  /** Whether the events that this node has read are none of those that there are. */
  readonly isAnew: boolean;
  /** The marks of revocations that are not finished, by principal, the oldest first. */
  readonly revocations: ReadonlyMap<string, readonly string[]>;
  readonly due: readonly Member[];
}

/** A session as the indexes name it. */
export interface Member {
  readonly id: string;
  readonly key: string;
}

/** After how many seconds of silence a node's cursor holds up the trimming of events no more. */
const MEMORY = 3600;

/** Who asks, and how far it has read. */
export interface SweepRequest {
  readonly node: string;
  readonly cursor: string;
  readonly batch: number;
  /** After how many seconds of silence a node counts as away. */
  readonly silence: number;
}

/** A session that is asked for. */
interface OpenRequest {
  readonly key: string;
  /** Whether it is touched, and the scheme. */
  readonly how: string;
  /** The stamp of what this node holds. */
  readonly held: string;
}

interface CommitRequest {
  readonly key: string;
  readonly args: readonly string[];
  readonly rotatedTo: string | undefined;
}

/** How many sessions one script works on: for as long nobody else is served, nor are they answered. */
const MOST_AT_ONCE = 12;

const SCRIPTS = Object.freeze({
  create: scriptOf(CREATE),
  open: scriptOf(OPEN),
  commit: scriptOf(COMMIT),
  end: scriptOf(END),
  sweep: scriptOf(SWEEP),
  revoke: scriptOf(REVOKE),
  revoked: scriptOf(REVOKED),
});

/** The scripts of one shard as functions: what they are given, and what their replies say. */
export class RedisShard {
  readonly #granularity: string;
  readonly #grace: string;
  readonly #opens = new TickBatch(MOST_AT_ONCE, (asks: readonly OpenRequest[]) =>
    this.#openAll(asks),
  );
  readonly #commits = new TickBatch(MOST_AT_ONCE, (asks: readonly CommitRequest[]) =>
    this.#commitAll(asks),
  );

  constructor(
    readonly link: RedisLink,
    readonly keys: ShardKeys,
    { touchGranularity: granularity, rotationGrace }: ResolvedRedisOptions,
    private readonly heard: (milliseconds: number) => void,
  ) {
    this.#granularity = granularity === undefined ? '-1' : String(Math.round(granularity * 1000));
    this.#grace = String(Math.round(rotationGrace * 1000));
  }

  /** @param most how many sessions there may be; 0 for any number */
  async create(record: SessionRecord, most: number): Promise<Created> {
    const { key, id, secure, sessionTimeout, absoluteTimeout } = record;
    const times = [milliseconds(sessionTimeout), milliseconds(absoluteTimeout)];
    const args = [key, id, flagOf(secure), ...times, String(most)];
    const [kind, value] = await this.#run(SCRIPTS.create, key, args);
    if (kind === 'full') return { kind, first: memberOf(String(value)) };
    if (kind === 'taken') return { kind };
    this.heard(Number(value));
    return { kind: 'made', at: Number(value) / 1000 };
  }

  /** @param held the stamp of what this node has of it; -1 for nothing, -2 where components are not wanted */
  open(key: string, touch: boolean, secure: boolean | undefined, held: string): Promise<Opened> {
    return this.#opens.ask({ key, how: (touch ? '1' : '0') + flagOf(secure), held });
  }

  /**
   * @param held the stamp of what this node has of it
   * @param most how many sessions the principal who logs in may have; 0 for any number
   */
  commit(key: string, change: SessionChange, held: string, most: number): Promise<Committed> {
    const { rotatedTo, components = [] } = change;
    const args = [held, touchedAt(change), ...rareOf(change, most), String(components.length)];
    for (const { key: name, revision, text = '' } of components) {
      args.push(name, String(revision), text);
    }
    return this.#commits.ask({ key, args, rotatedTo });
  }

  /** @param reason empty to end it only if it is due */
  async end({ id, key }: Member, reason: string): Promise<Ended> {
    const reply = await this.#run(SCRIPTS.end, key, [key, id, reason]);
    this.heard(Number(reply[1]));
    switch (reply[0]) {
      case 'ended':
        return { kind: 'ended', entry: String(reply[2]) };
      case 'later':
        return { kind: 'later', isStuck: reply[2] === 'stuck' };
      default:
        return traceOf(String(reply[2]), Number(reply[1]));
    }
  }

  async sweep(request: SweepRequest): Promise<Found> {
    const { node, cursor, batch, silence } = request;
    const { common, nodes } = this.keys;
    const times = [silence, MEMORY].map((seconds) => String(Math.round(seconds * 1000)));
    const args = [node, cursor, String(batch), ...times];
    const reply = (await this.link.run(
      SCRIPTS.sweep,
      [...common, nodes, nodes],
      args,
    )) as unknown[];
    const [now, present, isKnown, revocations, due] = reply as [
      ...[unknown, unknown, unknown],
      ...[readonly unknown[], readonly unknown[]],
    ];
    this.heard(Number(now));
    return {
      nodes: Number(present),
      isKnown: Number(isKnown) === 1,
      isAnew: Number(isKnown) === -1,
      revocations: marksByPerson(revocations.map(String)),
      due: due.map((member) => memberOf(String(member))),
    };
  }

  /** Says that a node is there, before it follows the events: from now on none are trimmed. */
  async announce(node: string): Promise<void> {
    await this.sweep({ node, cursor: '0-0', batch: 0, silence: 0 });
  }

  /** Says that a node is there no more, so that nothing is kept for it. */
  async leave(node: string): Promise<void> {
    // What was asked for until now is to be answered before the connection is closed.
    this.#opens.flush();
    this.#commits.flush();
    await this.link.send(this.keys.nodes, ['HDEL', this.keys.nodes, node]);
  }

  /** Makes every login of a principal until now unusable. Returns the mark that says so. */
  async revoke(person: string, except: string, reason: string): Promise<string> {
    return String(await this.#run(SCRIPTS.revoke, '', [person, except, reason]));
  }

  /** All that a mark is about have ended. */
  async revoked(person: string, mark: string): Promise<void> {
    await this.#run(SCRIPTS.revoked, '', [person, mark]);
  }

  #openAll(asks: readonly OpenRequest[]): Promise<AnswerOf<Opened>> {
    const args = [this.#granularity];
    for (const { how, held } of asks) args.push(how, held);
    return this.#each(SCRIPTS.open, this.#keysOf(asks), args, readOpened);
  }

  #commitAll(asks: readonly CommitRequest[]): Promise<AnswerOf<Committed>> {
    const keys = this.#keysOf(asks);
    const args = [String(asks.length), this.#granularity, this.#grace];
    for (const ask of asks) {
      args.push(...ask.args);
      if (ask.rotatedTo !== undefined) keys.push(this.keys.session(ask.rotatedTo));
    }
    return this.#each(SCRIPTS.commit, keys, args, readCommitted);
  }

  #keysOf(asks: readonly { readonly key: string }[]): string[] {
    const keys = [...this.keys.common];
    for (const { key } of asks) keys.push(this.keys.session(key), this.keys.tombstone(key));
    return keys;
  }

  /** Runs a script that replies with the time, and with what each session has come to. */
  async #each<Answer>(
    script: Script,
    keys: readonly string[],
    args: readonly string[],
    read: (reply: unknown, now: number) => Answer,
  ): Promise<AnswerOf<Answer>> {
    const replies = (await this.link.run(script, keys, args)) as unknown[];
    const now = Number(replies[0]);
    this.heard(now);
    return (index) => {
      const reply = replies[index + 1];
      if (reply instanceof Error) throw unavailable(reply);
      return read(reply, now);
    };
  }

  /** Runs a script after all that was asked for before. */
  async #run(script: Script, key: string, args: readonly string[]): Promise<unknown[]> {
    this.#opens.flush();
    this.#commits.flush();
    return (await this.link.run(script, this.keys.of(key), args)) as unknown[];
  }
}

/** What the indexes know a principal by: not the name itself, which may have any characters. */
export function personOf(principal: string): string {
  return createHash('sha1').update(principal).digest('hex');
}

/** A session as `id:key` names it; of a login, `person:time:id:key`, its end does. */
export function memberOf(text: string): Member {
  const [key = '', id = ''] = text.split(':').reverse();
  return { id, key };
}

function touchedAt({ lastModified }: SessionChange): string {
  return lastModified === undefined ? '' : String(Math.round(lastModified * 1000));
}

/** What few changes are about; empty where this one is not. */
function rareOf(change: SessionChange, most: number): string[] {
  const { sessionTimeout, rotatedTo, lastLogin, login } = change;
  if (sessionTimeout === undefined && rotatedTo === undefined && login === undefined) return [''];
  const idle = sessionTimeout === undefined ? '' : milliseconds(sessionTimeout);
  const who = [login ? '1' : '', login?.principal ?? '', login?.level ?? ''];
  const known = lastLogin === undefined ? '' : String(Math.round(lastLogin * 1000));
  return ['1', idle, rotatedTo ?? '', known, ...who, String(most)];
}

function flagOf(secure: boolean | undefined): string {
  if (secure === undefined) return '';
  return secure ? '1' : '0';
}

/** Of a hash as a script replies with it: each person, and then the marks of that one. */
function marksByPerson(flat: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const marks = new Map<string, readonly string[]>();
  for (let i = 0; i < flat.length; i += 2) {
    marks.set(flat[i] ?? '', JSON.parse(flat[i + 1] ?? '[]') as readonly string[]);
  }
  return marks;
}
