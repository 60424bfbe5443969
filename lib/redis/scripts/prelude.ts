import { isNumber, SESSION_FIELDS } from '../session-fields.js';

/** A session as Lua makes it of the values of its fields. */
const FIELDS = SESSION_FIELDS.map((name, index) => {
  const value = `values[${index + 1}]`;
  return `${name} = ${isNumber(name) ? `tonumber(${value})` : `${value} or ''`}`;
}).join(', ');

/**
 * What every script begins with: the keys by name, the time, and the rules of a session's life.
 *
 * All keys carry the shard's hash tag, so that a script stays in one slot. Times are milliseconds. A
 * script reads and checks before it writes, since nothing is rolled back.
 */
export const PRELUDE = `
local clk, due, ids, who, rev, ev, s, t = unpack(KEYS, 1, 8)

-- How long a dead uid is remembered, and a session that no node has swept.
local TOMBSTONE, GRACE = 3600000, 86400000
-- For who does not want the components.
local UNWANTED = -2
local CORE = { ${SESSION_FIELDS.map((name) => `'${name}'`).join(', ')} }

local function int(number) return string.format('%.0f', number) end

-- Never runs backwards, whatever the server's clock does.
local function time()
  local now = redis.call('TIME')
  local mark = redis.call('GET', clk)
  return math.max(now[1] * 1000 + math.floor(now[2] / 1000), tonumber(mark or 0))
end

-- A write that changes nothing. A replica refuses it, so that nobody is served what may be old; and
-- after it a server whose memory is full carries out whatever else the script writes.
local function insist() redis.call('PERSIST', clk) end

-- A session, or nil where there is none; 'broken' where what is there is none.
local function load(key)
  local values = redis.pcall('HMGET', key, unpack(CORE))
  if values.err then return nil, 'broken' end
  if not values[1] and not values[6] then return nil end
  local session = { ${FIELDS} }
  if session.id == '' or not (${SESSION_FIELDS.filter(isNumber)
    .map((name) => `session.${name}`)
    .join(' and ')}) then
    return nil, 'broken'
  end
  return session
end

local function member(session, hash) return session.id .. ':' .. hash end

local function loginMember(session, hash)
  return redis.sha1hex(session.principal) .. ':' .. string.format('%015.0f', session.loggedIn)
    .. ':' .. member(session, hash)
end

local function overdueReason(session)
  if session.absoluteAt <= session.touched + session.idle then return 'absolute' end
  return 'idle'
end

-- The marks of a person's revocations that are not finished, the oldest first: what one of them dooms
-- no later one spares.
local function marksOf(person)
  local marks = redis.call('HGET', rev, person)
  return marks and cjson.decode(marks) or {}
end

-- The time of the last of some marks, which is the latest; 0 where there is none.
local function lastOf(marks) return tonumber(string.match(marks[#marks] or '0', '^%d+')) end

-- When and why a session was first revoked, or nil.
local function revocation(session)
  if session.principal == '' then return nil end
  for _, mark in ipairs(marksOf(redis.sha1hex(session.principal))) do
    local at, except, reason = string.match(mark, '^(%d+)|([^|]*)|(.*)$')
    if tonumber(session.loggedIn) <= tonumber(at) and session.id ~= except then return tonumber(at), reason end
  end
end

-- Why a session has to end now, or nil: what came first counts, however late somebody looks.
local function fate(session, now)
  local revokedAt, reason = revocation(session)
  if revokedAt and revokedAt < session.deadline then return reason end
  if now >= session.deadline then return overdueReason(session) end
  return reason
end

-- The one way out. The end and its event are one step, so no crash can part them. DEL comes first: it
-- needs no memory, and what follows is then carried out even where there is none left.
local function finish(session, hash, reason, now)
  local fields = redis.call('HGETALL', s)
  redis.call('DEL', s)
  redis.call('ZREM', due, member(session, hash))
  redis.call('ZREM', ids, member(session, hash))
  if session.principal ~= '' then redis.call('ZREM', who, loginMember(session, hash)) end
  redis.call('SET', t, 'ended:' .. reason, 'PX', TOMBSTONE)
  return redis.call('XADD', ev, '*', 'kind', 'ended', 'id', session.id, 'key', hash,
    'reason', reason, 'at', int(now), unpack(fields))
end

-- A session whose record is gone or broken without an end: evicted, flushed or damaged.
local function lose(id, hash, now)
  redis.call('DEL', s)
  if redis.call('ZREM', due, id .. ':' .. hash) == 0 then return nil end
  redis.call('ZREM', ids, id .. ':' .. hash)
  redis.call('SET', t, 'ended:lost', 'PX', TOMBSTONE)
  return redis.call('XADD', ev, '*', 'kind', 'ended', 'id', id, 'key', hash,
    'reason', 'lost', 'at', int(now))
end

-- The hash that is in the key of a session.
local function hashOf(key) return string.sub(key, #clk - #'clk' + #'s:' + 1) end

-- The live session; otherwise nil and what is known of it. Ends what is due.
local function live(now)
  local session = load(s)
  if not session then return nil, redis.call('GET', t) or '' end
  local reason = fate(session, now)
  if not reason then return session end
  finish(session, hashOf(s), reason, now)
  return nil, 'ended:' .. reason
end

local function granularity(session, configured)
  if configured >= 0 then return configured end
  return math.min(math.floor(session.idle / 20), 60000)
end

-- Moves the deadline, but not with every touch: what is written is late by up to the granularity, so
-- that a touch that is not written ends no session early. The reason of its end has to stay right.
local function touch(session, at, configured)
  if at <= session.touched then return end
  local wanted = math.min(at + session.idle, session.absoluteAt)
  local isOutlived = at + session.idle >= session.absoluteAt
  local wasOutlived = session.touched + session.idle >= session.absoluteAt
  local late = granularity(session, configured)
  -- A login may put off the absolute end; then it matters when the last touch was.
  local isKnown = at <= session.touched + late
  if session.deadline >= wanted and isOutlived == wasOutlived and isKnown then return end
  session.touched = at
  session.deadline = math.min(at + session.idle + late, session.absoluteAt)
  redis.call('PEXPIREAT', s, int(session.deadline + GRACE))
  redis.call('HSET', s, 'touched', int(at), 'deadline', int(session.deadline))
end

-- Changes whenever anything about a session does but its last touch: who has it has all that there is.
local function stampOf(session)
  return session.version .. ' ' .. session.idle .. ' ' .. session.loggedIn .. ' ' .. #session.level
    .. ' ' .. session.level .. session.principal
end

local function versionOf(stamp) return tonumber(string.match(stamp, '^-?%d+')) end

-- A session for a node that holds what was saved up to a version: with what was saved since, but for
-- what that node has just saved itself. A component without a text was removed. A node that holds more
-- than was ever saved holds what a server has lost that had to begin again from older data: it gets all.
local function snapshot(kind, session, held, own)
  if held > session.version then held = -1 end
  local reply = { kind, stampOf(session), held }
  for _, name in ipairs(CORE) do
    local value = session[name]
    reply[#reply + 1] = type(value) == 'number' and int(value) or value
  end
  if held == UNWANTED or held == session.version or (own and held == session.version - 1) then return reply end
  local fields, texts = redis.call('HGETALL', s), {}
  for i = 1, #fields, 2 do texts[fields[i]] = fields[i + 1] end
  for name, value in pairs(texts) do
    local version = string.sub(name, 1, 2) == 'v:' and tonumber(value)
    local key = string.sub(name, 3)
    if version and math.abs(version) > held and not (own and own[key]) and (version > 0 or held > 0) then
      reply[#reply + 1] = key
      reply[#reply + 1] = int(math.abs(version))
      reply[#reply + 1] = texts['c:' .. key] or ''
    end
  end
  return reply
end

-- Works on each of the sessions whose keys are given, and replies with the time and what each has come
-- to. Where one fails the others go on.
local function each(now, count, work)
  local replies = { now }
  for i = 1, count do
    s, t = KEYS[2 * i + 5], KEYS[2 * i + 6]
    local isDone, reply = pcall(work, i)
    if not isDone then reply = redis.error_reply(reply.err or 'ERR Error running script: ' .. reply) end
    replies[i + 1] = reply
  end
  return replies
end
`;
