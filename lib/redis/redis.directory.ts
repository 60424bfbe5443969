import { type SessionRecord } from '../store/session-record.js';
import { SessionDirectory, type SessionFilter } from '../store/session.store.js';
import { type LocalSessions } from './local-sessions.js';
import { type RedisNode } from './redis-node.js';
import { memberOf, personOf, type RedisShard } from './redis-shard.js';
import { recordOf } from './redis-record.js';

/** How many sessions a listing reads at a time, of each shard. */
const PAGE = 100;
/** In place of what is held: the components of the session are not wanted. */
const UNWANTED = '-2';

/** The sessions in Redis by public handle and by principal: the indexes of all shards together. */
export class RedisDirectory extends SessionDirectory {
  constructor(
    private readonly node: () => RedisNode,
    private readonly sessions: LocalSessions,
  ) {
    super();
  }

  async find(id: string): Promise<SessionRecord | undefined> {
    // What is no handle of ours must not become part of a range.
    if (!/^[\w-]{1,64}$/.test(id)) return undefined;
    const found = await Promise.all(
      this.node().shards.map(async ({ shard }) => {
        const range = [`[${id}:`, `(${id};`, 'BYLEX', 'LIMIT', '0', '1'];
        const [member] = await this.#range(shard, shard.keys.handles, range);
        return member === undefined ? undefined : this.#open(shard, memberOf(member).key);
      }),
    );
    return found.find((record) => record !== undefined);
  }

  async count(): Promise<number> {
    const counts = await Promise.all(
      this.node().shards.map(({ shard: { link, keys } }) =>
        link.send(keys.handles, ['ZCARD', keys.handles]),
      ),
    );
    return counts.reduce<number>((sum, count) => sum + Number(count), 0);
  }

  async *list({
    principal,
    after = '',
    limit = Infinity,
  }: SessionFilter): AsyncIterable<SessionRecord> {
    let left = limit;
    for (let last = after; left > 0;) {
      const page = await this.#page(principal, last);
      for (const { shard, id, key } of page) {
        last = id;
        const record = await this.#read(shard, key);
        if (record === undefined) continue;
        yield record;
        if (--left <= 0) return;
      }
      if (page.length === 0) return;
    }
  }

  async endAll(
    principal: string,
    reason: string,
    except: SessionRecord | undefined,
  ): Promise<number> {
    const person = personOf(principal);
    const ended = await Promise.all(
      this.node().shards.map(async ({ shard, tail }) => {
        const mark = await shard.revoke(person, except?.id ?? '', reason);
        const count = await this.finishRevocation(shard, person, mark);
        if (count > 0) await tail.read();
        return count;
      }),
    );
    return ended.reduce((sum, count) => sum + count, 0);
  }

  /**
   * Ends all that a mark is about, whoever made it, and lets go of the mark. Returns how many it ended.
   *
   * @throws Error where it finds what it found before: the mark stays, so that the sessions are of no use
   */
  async finishRevocation(shard: RedisShard, person: string, mark: string): Promise<number> {
    const [time = '0', except = '', reason = ''] = splitMark(mark);
    const until = `(${person}:${String(Number(time) + 1).padStart(15, '0')}:`;
    let ended = 0;
    for (let before = ''; ;) {
      const range = [`[${person}:`, until, 'BYLEX', 'LIMIT', '0', String(PAGE + 1)];
      const logins = await this.#range(shard, shard.keys.logins, range);
      const doomed = logins.filter((login) => memberOf(login).id !== except);
      if (doomed.length === 0) break;
      const found = doomed.join();
      if (found === before) throw stuck(reason);
      before = found;
      const answers = await Promise.all(doomed.map((login) => shard.end(memberOf(login), reason)));
      ended += answers.filter(({ kind }) => kind === 'ended').length;
      const dead = doomed.filter((_, index) => answers[index]?.kind === 'none');
      // A login whose session is lost would come up for ever.
      if (dead.length > 0) await this.forget(shard, dead);
    }
    await shard.revoked(person, mark);
    return ended;
  }

  /** Takes logins out of the index whose sessions are not there any more. */
  async forget({ link, keys }: RedisShard, logins: readonly string[]): Promise<void> {
    await link.send(keys.logins, ['ZREM', keys.logins, ...logins]);
  }

  async #open(shard: RedisShard, key: string): Promise<SessionRecord | undefined> {
    const known = this.sessions.known(key);
    const opened = await shard.open(key, false, undefined, known.stamp);
    return opened.kind === 'none' ? undefined : this.sessions.opened(opened, key, known);
  }

  /** A session to look at: nobody holds the record of a listing. */
  async #read(shard: RedisShard, key: string): Promise<SessionRecord | undefined> {
    const opened = await shard.open(key, false, undefined, UNWANTED);
    return opened.kind === 'live' ? recordOf(opened.snapshot, key) : undefined;
  }

  /** The next sessions by creation, of all shards. */
  async #page(
    principal: string | undefined,
    after: string,
  ): Promise<readonly { shard: RedisShard; id: string; key: string }[]> {
    const pages = await Promise.all(
      this.node().shards.map(async ({ shard }) => {
        const members =
          principal === undefined
            ? await this.#handles(shard, after)
            : await this.#logins(shard, personOf(principal), after);
        return members.map((member) => ({ shard, ...memberOf(member) }));
      }),
    );
    // A full page of one shard may end before others begin, so nothing beyond the earliest end counts.
    const ends = pages.flatMap((page) => (page.length === PAGE ? (page.at(-1)?.id ?? []) : []));
    const [end] = ends.sort();
    const all = pages.flat().sort((a, b) => (a.id < b.id ? -1 : 1));
    return end === undefined ? all : all.filter(({ id }) => id <= end);
  }

  #handles(shard: RedisShard, after: string): Promise<readonly string[]> {
    const from = after === '' ? '-' : `(${after};`;
    return this.#range(shard, shard.keys.handles, [from, '+', 'BYLEX', 'LIMIT', '0', String(PAGE)]);
  }

  /** A principal's sessions are in the order of their logins; there are few of them. */
  async #logins(shard: RedisShard, person: string, after: string): Promise<readonly string[]> {
    const logins = await this.#range(shard, shard.keys.logins, [
      `[${person}:`,
      `(${person};`,
      'BYLEX',
    ]);
    return logins
      .filter((login) => memberOf(login).id > after)
      .sort((a, b) => (memberOf(a).id < memberOf(b).id ? -1 : 1))
      .slice(0, PAGE);
  }

  async #range({ link }: RedisShard, key: string, range: readonly string[]): Promise<string[]> {
    return ((await link.send(key, ['ZRANGE', key, ...range])) as unknown[]).map(String);
  }
}

function stuck(reason: string): Error {
  return new Error(
    `Sessions that were revoked (${JSON.stringify(reason)}) do not end. Nobody can use them, and every sweep tries again; if it lasts, compare the index of logins on the server with the sessions.`,
  );
}

/** Of `time|except|reason`; a reason may have any characters. */
function splitMark(mark: string): readonly string[] {
  const [time = '', except = ''] = mark.split('|');
  return [time, except, mark.slice(time.length + except.length + 2)];
}
