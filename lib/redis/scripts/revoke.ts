/**
 * Marks every login of a principal until now as dead, so that none is usable from here on, however
 * long it takes to end them all. Returns the mark.
 */
export const REVOKE = `
local person, except, reason = unpack(ARGV)
insist()
local now = time()
local before = string.match(redis.call('HGET', rev, person) or '', '^%d+')
local mark = int(math.max(now, tonumber(before or 0))) .. '|' .. except .. '|' .. reason
redis.call('HSET', rev, person, mark)
return mark
`;

/** Lets go of a mark once all that it is about have ended, unless there is a newer one. */
export const REVOKED = `
local person, mark = unpack(ARGV)
if redis.call('HGET', rev, person) == mark then redis.call('HDEL', rev, person) end
return 0
`;
