/**
 * Lets go of the nodes of a handler that have been silent for so many milliseconds and have nothing left
 * to do: each start of a node makes another one. What a node has taken and not done is kept for others.
 */
export const FORGET_CONSUMERS = `
local group, silence = ARGV[1], tonumber(ARGV[2])
for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', ev, group)) do
  local about = {}
  for i = 1, #consumer, 2 do about[consumer[i]] = consumer[i + 1] end
  if about.pending == 0 and about.idle > silence then redis.call('XGROUP', 'DELCONSUMER', ev, group, about.name) end
end
return 0
`;
