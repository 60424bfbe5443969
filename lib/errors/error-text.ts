import { inspect } from 'node:util';

/** What there is to say of what was thrown, with where it came from. */
export function textOf(error: unknown): string {
  return shown(() => (error instanceof Error ? (error.stack ?? error.message) : inspect(error)));
}

/** The same in a few words. */
export function messageOf(error: unknown): string {
  return shown(() => (error instanceof Error ? error.message : String(error)));
}

/** Anything can be thrown, also what throws when it is looked at: whoever reports it must not fail for that. */
function shown(show: () => string): string {
  try {
    return show();
  } catch {
    return 'An error that cannot be shown.';
  }
}
