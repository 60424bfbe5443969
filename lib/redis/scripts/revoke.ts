/**
 * Marks every login of a principal until now as dead, so that none is usable from here on, however
 * long it takes to end them all. Returns the mark, which comes after those that are not finished yet.
 */
export const REVOKE = `
local person, except, reason = unpack(ARGV)
insist()
local now = time()
local marks = marksOf(person)
-- A login in the moment of an earlier revocation counts as later than that, so perhaps as later than now.
local login = redis.call('ZRANGE', who, '(' .. person .. ';', '[' .. person .. ':', 'BYLEX', 'REV', 'LIMIT', 0, 1)[1]
local loggedIn = tonumber(login and string.match(login, '^%x+:(%d+):') or 0)
local mark = int(math.max(now, lastOf(marks), loggedIn)) .. '|' .. except .. '|' .. reason
if mark ~= marks[#marks] then
  marks[#marks + 1] = mark
  redis.call('HSET', rev, person, cjson.encode(marks))
end
return mark
`;

/** Lets go of a mark once all that it is about have ended; of that one only. */
export const REVOKED = `
local person, mark = unpack(ARGV)
insist()
local left = {}
for _, other in ipairs(marksOf(person)) do
  if other ~= mark then left[#left + 1] = other end
end
if left[1] then redis.call('HSET', rev, person, cjson.encode(left))
else redis.call('HDEL', rev, person) end
return 0
`;
