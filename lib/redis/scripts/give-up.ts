/**
 * Lets go of the mark that a piece of work is under way, so that it may be begun again; but not of
 * another one that has come in its place since: somebody else has begun, or has done it.
 */
export const GIVE_UP = `
local place, mark = s, ARGV[1]
if redis.call('GET', place) == mark then redis.call('DEL', place) end
return 0
`;
