/**
 * The fields of a session's hash beside its components, in the order in which scripts tell of them. Times
 * are milliseconds. `version` counts the commits that changed a component.
 */
export const SESSION_FIELDS = [
  'id',
  'secure',
  'created',
  'touched',
  'idle',
  'absolute',
  'absoluteAt',
  'deadline',
  'principal',
  'level',
  'loggedIn',
  'version',
] as const;

/** Those that may be empty. Every session has the others, which are numbers but for its handle. */
const OPTIONAL: readonly string[] = ['secure', 'principal', 'level', 'loggedIn'];

/** Whether a field is a number that no session is without. */
export function isNumber(name: string): boolean {
  return name !== 'id' && !OPTIONAL.includes(name);
}

/** What a script or an event says of them; empty or absent where there is nothing. */
export type SessionFields = Readonly<
  Partial<Record<(typeof SESSION_FIELDS)[number], string | undefined>>
>;
