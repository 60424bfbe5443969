/**
 * Mistakes that a store must not make, each as a change of the sources: `from` is there exactly once,
 * and `to` takes its place. `red` names the suites of which one at least has to fail.
 */
export const MUTANTS = [
  {
    name: 'a save is an upsert: it brings back what has ended',
    file: 'redis/scripts/commit.ts',
    from: `if not session then return { 'none', tombstone } end`,
    to: `if not session then
  local absoluteAt = now + 3600000
  redis.call('HSET', s, 'id', 'id-00000001', 'secure', '', 'created', int(now), 'touched', int(now),
    'idle', '900000', 'absolute', '3600000', 'absoluteAt', int(absoluteAt), 'deadline', int(now + 900000),
    'principal', '', 'level', '', 'loggedIn', '', 'version', '0')
  redis.call('ZADD', due, int(now + 900000), 'id-00000001:' .. hashOf(s))
  redis.call('ZADD', ids, 0, 'id-00000001:' .. hashOf(s))
  session = load(s)
end`,
  },
  {
    name: 'the event of an end is no part of the step that ends',
    file: 'redis/scripts/end.ts',
    from: `if why then return { 'ended', int(now), finish(session, hash, why, now) } end`,
    to: `if why then
  local entry = finish(session, hash, why, now)
  redis.call('XDEL', ev, entry)
  return { 'ended', int(now), entry, why, session.id }
end`,
    more: [
      {
        file: 'redis/redis.store.ts',
        from: `if (answer.kind === 'ended') await place.tail.reach(answer.entry).catch(() => {});`,
        to: `if (answer.kind === 'ended') {
      const fields = ['kind', 'ended', 'id', id, 'key', key, 'reason', reason, 'at', '0', 'version', '0'];
      await place.shard.link.send(place.shard.keys.events, ['XADD', place.shard.keys.events, '*', ...fields]);
      await place.tail.read();
    }`,
      },
    ],
  },
  {
    name: 'a session is given to whoever held it before somebody logged in elsewhere',
    file: 'redis/scripts/commit.ts',
    from: `known ~= '' and tonumber(known) ~= (tonumber(session.loggedIn) or 0)`,
    to: `false`,
  },
  {
    name: 'who meets an overdue session ends it without an event',
    file: 'redis/scripts/prelude.ts',
    from: `  finish(session, hashOf(s), reason, now)
  return nil, 'ended:' .. reason`,
    to: `  local entry = finish(session, hashOf(s), reason, now)
  redis.call('XDEL', ev, entry)
  return nil, 'ended:' .. reason`,
  },
  {
    name: 'the score of a deadline is no lower bound: a shorter timeout does not lower it',
    file: 'redis/scripts/commit.ts',
    from: `if session.deadline < wasDue then`,
    to: `if false then`,
  },
  {
    name: 'the sweep raises the score beyond the deadline',
    file: 'redis/scripts/end.ts',
    from: `redis.pcall('ZADD', due, 'XX', int(session.deadline), member(session, hash))`,
    to: `redis.pcall('ZADD', due, 'XX', int(session.deadline + 5000), member(session, hash))`,
  },
  {
    name: 'the tail begins with the newest event at each reading',
    file: 'redis/event-tail.ts',
    from: `const range = ['XRANGE', events, \`(\${this.#cursor}\`, '+', 'COUNT', String(BATCH)];
      const entries = entriesOf(await this.link.send(events, range));`,
    to: `const range = ['XREVRANGE', events, '+', \`(\${this.#cursor}\`, 'COUNT', '1'];
      const entries = entriesOf(await this.link.send(events, range));`,
  },
  {
    name: 'the tail reads from where it has come to, that included',
    file: 'redis/event-tail.ts',
    from: `\`(\${this.#cursor}\``,
    to: `this.#cursor`,
    more: [
      {
        file: 'redis/local-sessions.ts',
        from: `    if (this.#isOver(record)) return;
    const held = this.held.ofId(record.id);
    record.ended = reason;`,
        to: `    const held = this.held.ofId(record.id);
    record.ended = reason;`,
      },
      {
        file: 'redis/event-tail.ts',
        from: `if (entries.length < BATCH) return;`,
        to: `return;`,
      },
    ],
  },
  {
    name: 'a record is held without a look at whether its end was told meanwhile',
    file: 'redis/local-sessions.ts',
    from: `    record.ended ??= this.#told.reasonOf(record.id);
    return record.ended !== undefined;`,
    to: `    return record.ended !== undefined;`,
  },
];
