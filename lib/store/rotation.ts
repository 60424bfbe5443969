import { type SessionRecord } from './session-record.js';
import { type SessionChange } from './session.store.js';

/** What a rotation conflicts in that was asked for by who knows the session by another uid, or as somebody else's. */
export const UID = 'uid@1';

/** Whether somebody has logged in since, unknown to who asks for the rotation: the session may be theirs now. */
export function isOvertaken({ lastLogin }: SessionChange, record: SessionRecord): boolean {
  return lastLogin !== undefined && lastLogin !== lastLoginOf(record);
}

/** As {@link SessionChange.lastLogin} has it. */
export function lastLoginOf({ loggedInAt }: SessionRecord): number {
  return loggedInAt ?? 0;
}
