/**
 * Finds a session and touches it, in one step: `live` with a snapshot, or `none` with what is known of
 * the key. An overdue or revoked session is ended right here, by the same path as in the sweep.
 */
export const OPEN = `
local hash, touching, secure, held, configured = unpack(ARGV)
insist()
local now = time()
local session, tombstone = live(hash, now)
if not session then return { 'none', int(now), tombstone } end
if secure ~= '' and session.secure ~= '' and session.secure ~= secure then
  return { 'none', int(now), 'hidden' }
end
if touching == '1' then touch(session, now, tonumber(configured)) end
return snapshot('live', session, now, tonumber(held))
`;
