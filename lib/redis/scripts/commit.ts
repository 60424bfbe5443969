/**
 * Applies changes to live sessions, each wholly or not at all: `saved` or `conflict` with a snapshot,
 * `same` with the last touch and the new stamp where there is nothing else that the node does not know,
 * `none` with what is known of the key, `full` with the logins of the principal's other sessions,
 * the earliest first. Never makes a session.
 *
 * The keys of those that move come after those of all, in their order.
 */
export const COMMIT = `
local count, configured, grace = unpack(ARGV, 1, 3)
count, configured = tonumber(count), tonumber(configured)
local now = time()
local argument, key = 3, 6 + 2 * count

local function arguments(number)
  argument = argument + number
  return unpack(ARGV, argument - number + 1, argument)
end

return each(now, count, function()
  local stamp, touchedAt, rare = arguments(3)
  local idle, moved, known, login, principal, level, most = '', '', '', '', '', '', 0
  if rare == '1' then idle, moved, known, login, principal, level, most = arguments(7) end
  local changes = tonumber((arguments(1)))
  local first, last = argument + 1, argument + 3 * changes
  argument = last
  if moved ~= '' then key = key + 1 end
  local target = KEYS[key]

  local session, tombstone = live(now)
  if not session then return { 'none', tombstone } end

  local isSame = rare == '' and stamp == stampOf(session)
  local held = versionOf(stamp)
  if held > session.version then held = -1 end
  local own, stale = nil, false
  for i = first, last, 3 do
    own = own or {}
    own[ARGV[i]] = true
    local version = tonumber(redis.call('HGET', s, 'v:' .. ARGV[i]) or 0)
    if math.max(version, 0) ~= tonumber(ARGV[i + 1]) then
      stale = true
      -- What the node holds was lost, and it has no reason to expect this.
      if math.abs(version) <= held then held = -1 end
    end
  end
  -- Whoever has not heard of a login must not move a session that may be somebody else's by now.
  local isOvertaken = known ~= '' and tonumber(known) ~= (tonumber(session.loggedIn) or 0)
  if stale or isOvertaken then return snapshot('conflict', session, held) end

  if login == '1' and tonumber(most) > 0 then
    local person = redis.sha1hex(principal)
    local rivals = {}
    for _, rival in ipairs(redis.call('ZRANGE', who, '[' .. person .. ':', '(' .. person .. ';', 'BYLEX')) do
      if string.match(rival, '^%x+:%d+:([^:]*):') ~= session.id then rivals[#rivals + 1] = rival end
    end
    if #rivals >= tonumber(most) then return { 'full', unpack(rivals) } end
  end

  local hash = hashOf(s)
  local before = member(session, hash)
  local wasDue = session.deadline
  -- A rotation counts, too: an answer from before it must not be taken for news after it.
  if moved ~= '' then own = own or {} end
  if own then
    session.version = session.version + 1
    local fields, removed = { 'version', int(session.version) }, {}
    for i = first, last, 3 do
      local name, text = ARGV[i], ARGV[i + 2]
      fields[#fields + 1] = 'v:' .. name
      fields[#fields + 1] = int(text == '' and -session.version or session.version)
      if text == '' then removed[#removed + 1] = 'c:' .. name
      else
        fields[#fields + 1] = 'c:' .. name
        fields[#fields + 1] = text
      end
    end
    redis.call('HSET', s, unpack(fields))
    if removed[1] then redis.call('HDEL', s, unpack(removed)) end
  end
  if touchedAt ~= '' then touch(session, math.min(tonumber(touchedAt), now), configured) end
  if idle ~= '' then
    session.idle = tonumber(idle)
    session.touched = math.max(session.touched, math.min(tonumber(touchedAt) or 0, now))
    session.deadline = math.min(session.touched + session.idle, session.absoluteAt)
  end
  if login == '1' then
    if session.principal ~= '' then redis.call('ZREM', who, loginMember(session, hash)) end
    session.loggedIn = math.max(now, lastOf(marksOf(redis.sha1hex(principal))) + 1)
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
    redis.call('RENAME', s, target)
    -- Only who is nobody's new self may still come by the old key: after a login it is dead at once.
    local isGraced = login == '' and tonumber(grace) > 0
    redis.call('SET', t, 'rotated:' .. moved .. (isGraced and '|' .. int(now + grace) or ''), 'PX', TOMBSTONE)
    s = target
    redis.call('ZADD', due, score, member(session, moved))
    redis.call('ZADD', ids, 0, member(session, moved))
    if session.principal ~= '' then redis.call('ZADD', who, 0, loginMember(session, moved)) end
    redis.call('XADD', ev, '*', 'kind', 'rotated', 'id', session.id, 'key', moved, 'from', hash)
  end
  if isSame then return { 'same', session.touched, stampOf(session) } end
  return snapshot('saved', session, held, own)
end)
`;
