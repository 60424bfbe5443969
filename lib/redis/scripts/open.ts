/**
 * Finds sessions and touches them, each in one step: `live` with a snapshot, or only its last touch where
 * the node has the rest, or `none` with what is known of the key. An overdue or revoked session is ended
 * right here, by the same path as in the sweep.
 */
export const OPEN = `
local configured = tonumber(ARGV[1])
insist()
local now = time()
return each(now, (#ARGV - 1) / 2, function(i)
  local touching, secure, held = string.sub(ARGV[2 * i], 1, 1), string.sub(ARGV[2 * i], 2), ARGV[2 * i + 1]
  local session, tombstone = live(now)
  if not session then return { 'none', tombstone } end
  if secure ~= '' and session.secure ~= '' and session.secure ~= secure then
    return { 'none', 'hidden' }
  end
  if touching == '1' then touch(session, now, configured) end
  if stampOf(session) == held then return session.touched end
  return snapshot('live', session, versionOf(held))
end)
`;
