/**
 * Applies a change to a live session, all of it or nothing: `saved` or `conflict` with a snapshot,
 * `none` with what is known of the key, `full` with the logins of the principal's other sessions,
 * the earliest first. Never makes a session.
 */
export const COMMIT = `
local hash, held, configured, touchedAt, idle, moved, login, principal, level, most, grace = unpack(ARGV, 1, 11)
held, configured, most = tonumber(held), tonumber(configured), tonumber(most)
local now = time()
local session, tombstone = live(hash, now)
if not session then return { 'none', int(now), tombstone } end

if held > session.version then held = -1 end
local own, stale = nil, false
for i = 12, #ARGV, 3 do
  own = own or {}
  own[ARGV[i]] = true
  local version = tonumber(redis.call('HGET', s, 'v:' .. ARGV[i]) or 0)
  if math.max(version, 0) ~= tonumber(ARGV[i + 1]) then
    stale = true
    -- What the node holds was lost, and it has no reason to expect this.
    if math.abs(version) <= held then held = -1 end
  end
end
if stale then return snapshot('conflict', session, now, held) end

if login == '1' and most > 0 then
  local person = redis.sha1hex(principal)
  local rivals = {}
  for _, rival in ipairs(redis.call('ZRANGE', who, '[' .. person .. ':', '(' .. person .. ';', 'BYLEX')) do
    if string.match(rival, '^%x+:%d+:([^:]*):') ~= session.id then rivals[#rivals + 1] = rival end
  end
  if #rivals >= most then return { 'full', int(now), unpack(rivals) } end
end

local before = member(session, hash)
local wasDue = session.deadline
-- A rotation counts, too: an answer from before it must not be taken for news after it.
if moved ~= '' then own = own or {} end
if own then
  session.version = session.version + 1
  redis.call('HSET', s, 'version', int(session.version))
  for i = 12, #ARGV, 3 do
    local key, text = ARGV[i], ARGV[i + 2]
    if text == '' then
      redis.call('HDEL', s, 'c:' .. key)
      redis.call('HSET', s, 'v:' .. key, int(-session.version))
    else
      redis.call('HSET', s, 'c:' .. key, text, 'v:' .. key, int(session.version))
    end
  end
end
if touchedAt ~= '' then touch(session, math.min(tonumber(touchedAt), now), configured) end
if idle ~= '' then
  session.idle = tonumber(idle)
  session.touched = math.max(session.touched, math.min(tonumber(touchedAt) or 0, now))
  session.deadline = math.min(session.touched + session.idle, session.absoluteAt)
end
if login == '1' then
  if session.principal ~= '' then redis.call('ZREM', who, loginMember(session, hash)) end
  local mark = string.match(redis.call('HGET', rev, redis.sha1hex(principal)) or '', '^%d+')
  session.loggedIn = math.max(now, tonumber(mark or 0) + 1)
  session.principal, session.level = principal, level
  local wasCut = session.deadline == session.absoluteAt
  session.absoluteAt = session.loggedIn + session.absolute
  local idleEnd = session.touched + session.idle
  if wasCut then idleEnd = idleEnd + granularity(session, configured)
  else idleEnd = math.max(idleEnd, session.deadline) end
  session.deadline = math.min(idleEnd, session.absoluteAt)
  redis.call('HSET', s, 'principal', principal, 'level', level, 'loggedIn', int(session.loggedIn),
    'absoluteAt', int(session.absoluteAt))
end
if idle ~= '' or login == '1' then
  redis.call('HSET', s, 'touched', int(session.touched), 'idle', int(session.idle),
    'deadline', int(session.deadline))
  redis.call('PEXPIREAT', s, int(session.deadline + GRACE))
end
-- A score is a lower bound: what moved later is noticed by the sweep, what moved earlier is told it.
if session.deadline < wasDue then redis.call('ZADD', due, 'LT', int(session.deadline), before) end
if login == '1' and moved == '' then redis.call('ZADD', who, 0, loginMember(session, hash)) end
if moved ~= '' then
  local score = redis.call('ZSCORE', due, before) or int(session.deadline)
  redis.call('ZREM', due, before)
  redis.call('ZREM', ids, before)
  if session.principal ~= '' then redis.call('ZREM', who, loginMember(session, hash)) end
  redis.call('RENAME', s, KEYS[9])
  -- Only who is nobody's new self may still come by the old key: after a login it is dead at once.
  local isGraced = login == '' and tonumber(grace) > 0
  redis.call('SET', t, 'rotated:' .. moved .. (isGraced and '|' .. int(now + grace) or ''), 'PX', TOMBSTONE)
  s = KEYS[9]
  redis.call('ZADD', due, score, member(session, moved))
  redis.call('ZADD', ids, 0, member(session, moved))
  if session.principal ~= '' then redis.call('ZADD', who, 0, loginMember(session, moved)) end
  redis.call('XADD', ev, '*', 'kind', 'rotated', 'id', session.id, 'key', moved, 'from', hash)
end
return snapshot('saved', session, now, held, own)
`;
