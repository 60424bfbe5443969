/**
 * Ends a session, or only if it has to where no reason is given: `ended` with the entry of its event,
 * `later` where it has not (and `stuck` where there is no memory to say so), `none` with what is known of the key.
 */
export const END = `
local hash, id, reason = unpack(ARGV)
insist()
local now = time()
local session = load(s)
if not session then
  local entry = id ~= '' and lose(id, hash, now)
  if entry then return { 'ended', int(now), entry } end
  return { 'none', int(now), redis.call('GET', t) or '' }
end
local why = fate(session, now)
if not why and reason ~= '' then why = reason end
if why then return { 'ended', int(now), finish(session, hash, why, now) } end
local moved = redis.pcall('ZADD', due, 'XX', int(session.deadline), member(session, hash))
return { 'later', int(now), type(moved) == 'table' and 'stuck' or '' }
`;
