/**
 * Takes ends for a handler: those that a node took and did not finish in time, then new ones. Each is
 * the id of its event, how often it was taken, and its fields.
 */
export const TAKE = `
local group, node, count, patience = unpack(ARGV)
local taken = {}
local claimed = redis.pcall('XAUTOCLAIM', ev, group, node, patience, '0-0', 'COUNT', count)
if claimed.err then
  -- New, or the server has lost all that it had.
  redis.call('XGROUP', 'CREATE', ev, group, '0', 'MKSTREAM')
  claimed = { '0-0', {} }
end
for _, entry in ipairs(claimed[2]) do
  if entry and entry[2] then
    local pending = redis.call('XPENDING', ev, group, entry[1], entry[1], 1)
    taken[#taken + 1] = { entry[1], pending[1] and pending[1][4] or 1, entry[2] }
  end
end
local fresh = redis.call('XREADGROUP', 'GROUP', group, node, 'COUNT', count, 'STREAMS', ev, '>')
for _, entry in ipairs(fresh and fresh[1] and fresh[1][2] or {}) do
  taken[#taken + 1] = { entry[1], 1, entry[2] }
end
return taken
`;
