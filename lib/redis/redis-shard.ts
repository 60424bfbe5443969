import { createHash } from 'node:crypto';
import { type SessionRecord } from '../store/session-record.js';
import { type SessionChange } from '../store/session.store.js';
import { type ShardKeys } from './redis-keys.js';
import { type RedisLink } from './redis-link.js';
import { type ResolvedRedisOptions } from './redis-options.js';
import { milliseconds, readSnapshot, type Snapshot } from './redis-record.js';
import { type Script, scriptOf } from './script.js';
import { COMMIT } from './scripts/commit.js';
import { CREATE } from './scripts/create.js';
import { END } from './scripts/end.js';
import { OPEN } from './scripts/open.js';
import { REVOKE, REVOKED } from './scripts/revoke.js';
import { SWEEP } from './scripts/sweep.js';

/** What is known of a key that no live session has. */
export type Trace =
  | { readonly kind: 'none'; readonly trace: 'unknown' | 'hidden' }
  | { readonly kind: 'none'; readonly trace: 'ended'; readonly reason: string }
  | {
      readonly kind: 'none';
      readonly trace: 'rotated';
      readonly key: string;
      /** Whether the old uid still finds the session. */
      readonly isGraced: boolean;
    };

export type Created =
  | { readonly kind: 'made'; readonly at: number }
  | { readonly kind: 'taken' }
  | { readonly kind: 'full'; readonly first: Member };

export type Opened = { readonly kind: 'live'; readonly snapshot: Snapshot } | Trace;

export type Committed =
  | { readonly kind: 'saved' | 'conflict'; readonly snapshot: Snapshot }
  | { readonly kind: 'full'; readonly rivals: readonly string[] }
  | Trace;

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
  /** The marks of revocations that are not finished, by principal. */
  readonly revocations: ReadonlyMap<string, string>;
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

  /** @param held up to which version this node has it; -1 for not at all, -2 where that is not wanted */
  async open(
    key: string,
    touch: boolean,
    secure: boolean | undefined,
    held: number,
  ): Promise<Opened> {
    const args = [key, touch ? '1' : '0', flagOf(secure), String(held), this.#granularity];
    const reply = await this.#run(SCRIPTS.open, key, args);
    this.heard(Number(reply[1]));
    return reply[0] === 'live' ? { kind: 'live', snapshot: readSnapshot(reply) } : traceOf(reply);
  }

  /** @param most how many sessions the principal who logs in may have; 0 for any number */
  async commit(key: string, change: SessionChange, held: number, most: number): Promise<Committed> {
    const { rotatedTo, login, components = [] } = change;
    const args = [key, String(held), this.#granularity, ...timesOf(change)];
    args.push(rotatedTo ?? '', login ? '1' : '', login?.principal ?? '', login?.level ?? '');
    args.push(String(most), this.#grace);
    for (const { key: name, revision, text } of components) {
      args.push(name, String(revision), text ?? '');
    }
    const keys = this.keys.of(key);
    if (rotatedTo !== undefined) keys.push(this.keys.session(rotatedTo));
    const reply = (await this.link.run(SCRIPTS.commit, keys, args)) as unknown[];
    this.heard(Number(reply[1]));
    switch (reply[0]) {
      case 'saved':
      case 'conflict':
        return { kind: reply[0], snapshot: readSnapshot(reply) };
      case 'full':
        return { kind: 'full', rivals: reply.slice(2).map(String) };
      default:
        return traceOf(reply);
    }
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
        return traceOf(reply);
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
      revocations: new Map(pairs(revocations.map(String))),
      due: due.map((member) => memberOf(String(member))),
    };
  }

  /** Says that a node is there, before it follows the events: from now on none are trimmed. */
  async announce(node: string): Promise<void> {
    await this.sweep({ node, cursor: '0-0', batch: 0, silence: 0 });
  }

  /** Says that a node is there no more, so that nothing is kept for it. */
  async leave(node: string): Promise<void> {
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

  async #run(script: Script, key: string, args: readonly string[]): Promise<unknown[]> {
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

function timesOf({ lastModified, sessionTimeout }: SessionChange): readonly string[] {
  const touched = lastModified === undefined ? '' : String(Math.round(lastModified * 1000));
  return [touched, sessionTimeout === undefined ? '' : milliseconds(sessionTimeout)];
}

function flagOf(secure: boolean | undefined): string {
  if (secure === undefined) return '';
  return secure ? '1' : '0';
}

function traceOf(reply: readonly unknown[]): Trace {
  const [, now, text = ''] = reply.map(String);
  if (text.startsWith('ended:')) return { kind: 'none', trace: 'ended', reason: text.slice(6) };
  if (text.startsWith('rotated:')) {
    const [key = '', until] = text.slice(8).split('|');
    return { kind: 'none', trace: 'rotated', key, isGraced: Number(until) > Number(now) };
  }
  return { kind: 'none', trace: text === 'hidden' ? 'hidden' : 'unknown' };
}

function pairs(flat: readonly string[]): readonly (readonly [string, string])[] {
  return Array.from({ length: flat.length / 2 }, (_, i) => [
    flat[2 * i] ?? '',
    flat[2 * i + 1] ?? '',
  ]);
}
