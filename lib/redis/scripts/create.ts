/**
 * Keeps a new session. The only script that makes one.
 *
 * `made` with the time; `taken` where the key is or was in use; `full` with the member whose end is
 * the earliest, where there are as many sessions as there may be.
 */
export const CREATE = `
local hash, id, secure, idle, absolute, most = unpack(ARGV)
local now = time()
local there = load(s)
-- Made already, by a try whose answer was not waited for.
if there and there.id == id then return { 'made', int(there.created) } end
if redis.call('EXISTS', s, t) > 0 then return { 'taken' } end
if tonumber(most) > 0 and redis.call('ZCARD', due) >= tonumber(most) then
  return { 'full', redis.call('ZRANGE', due, 0, 0)[1] }
end
local absoluteAt = now + absolute
local deadline = math.min(now + idle, absoluteAt)
redis.call('HSET', s, 'id', id, 'secure', secure, 'created', int(now), 'touched', int(now),
  'idle', idle, 'absolute', absolute, 'absoluteAt', int(absoluteAt), 'deadline', int(deadline),
  'principal', '', 'level', '', 'loggedIn', '', 'version', '0')
redis.call('PEXPIREAT', s, int(deadline + GRACE))
redis.call('ZADD', due, int(deadline), id .. ':' .. hash)
redis.call('ZADD', ids, 0, id .. ':' .. hash)
return { 'made', int(now) }
`;
