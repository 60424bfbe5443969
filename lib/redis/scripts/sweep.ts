/**
 * What a node asks of a shard now and then: it says that it is there and how far it has read the
 * events, and is told what is due, which revocations are unfinished and how many nodes there are.
 *
 * Events that everybody has read, every node and every group of handlers, are trimmed. A node that was
 * silent for so long that it was forgotten is told so (`0` as the third value): it may have missed some.
 * So is one that has read further than there are events (`-1`): they are other ones than it has read.
 */
export const SWEEP = `
local nodes = s
local node, cursor, batch, silence, memory = unpack(ARGV)
insist()
local now = time()
redis.call('SET', clk, int(now))

local function isOlder(a, b)
  local a1, a2 = string.match(a, '^(%d+)-(%d+)$')
  local b1, b2 = string.match(b, '^(%d+)-(%d+)$')
  if tonumber(a1) ~= tonumber(b1) then return tonumber(a1) < tonumber(b1) end
  return tonumber(a2) < tonumber(b2)
end

local isKnown = redis.call('HEXISTS', nodes, node)
local last = '0-0'
if redis.call('EXISTS', ev) == 1 then
  local info = redis.call('XINFO', 'STREAM', ev)
  for i = 1, #info, 2 do if info[i] == 'last-generated-id' then last = info[i + 1] end end
end
if isOlder(last, cursor) then isKnown, cursor = -1, '0-0' end
redis.call('HSET', nodes, node, int(now) .. '|' .. cursor)
local read, present = cursor, 0
local entries = redis.call('HGETALL', nodes)
for i = 1, #entries, 2 do
  local seen, at = string.match(entries[i + 1], '^(%d+)|(.*)$')
  if tonumber(seen) < now - tonumber(memory) then redis.call('HDEL', nodes, entries[i])
  elseif isOlder(at, read) then read = at end
  if tonumber(seen) >= now - tonumber(silence) then present = present + 1 end
end
if redis.call('EXISTS', ev) == 1 then
  for _, group in ipairs(redis.call('XINFO', 'GROUPS', ev)) do
    local info = {}
    for i = 1, #group, 2 do info[group[i]] = group[i + 1] end
    local at = info['last-delivered-id']
    if info['pending'] > 0 then at = redis.call('XPENDING', ev, info['name'])[2] end
    if isOlder(at, read) then read = at end
  end
  redis.call('XTRIM', ev, 'MINID', read)
end
return { int(now), present, isKnown, redis.call('HGETALL', rev),
  redis.call('ZRANGE', due, '-inf', int(now), 'BYSCORE', 'LIMIT', 0, batch) }
`;
