import { readSnapshot, type Snapshot } from './redis-record.js';

/** What is known of a key that no live session has. */
export type Trace =
  | { readonly kind: 'none'; readonly trace: 'unknown' | 'hidden' }
  | { readonly kind: 'none'; readonly trace: 'ended'; readonly reason: string }
  | {
      readonly kind: 'none';
      readonly trace: 'rotated';
      readonly key: string;
      /** Whether the old uid still finds the session. */
      readonly isGraced: boolean;
    };

/** What has become of a session that this node holds: the last touch, and nothing else that is new. */
export interface Touched {
  /** Seconds, as records have them. */
  readonly touchedAt: number;
}

/** A live session: as it is held, or with what is new. */
export type Found =
  | ({ readonly kind: 'same'; readonly now: number } & Touched)
  | { readonly kind: 'live'; readonly now: number; readonly snapshot: Snapshot };

export type Opened = Found | Trace;

export type Committed =
  /** As asked, and nobody else has changed anything. */
  | ({ readonly kind: 'same'; readonly stamp: string } & Touched)
  | { readonly kind: 'saved' | 'conflict'; readonly snapshot: Snapshot }
  | { readonly kind: 'full'; readonly rivals: readonly string[] }
  | Trace;

/** Reads what the script of opens says of one session. @param now milliseconds */
export function readOpened(reply: unknown, now: number): Opened {
  if (!Array.isArray(reply)) return { kind: 'same', touchedAt: Number(reply) / 1000, now };
  return reply[0] === 'live'
    ? { kind: 'live', now, snapshot: readSnapshot(reply, now) }
    : traceOf(String(reply[1]), now);
}

/** Reads what the script of commits says of one session. @param now milliseconds */
export function readCommitted(reply: unknown, now: number): Committed {
  const [kind, ...rest] = reply as readonly unknown[];
  switch (kind) {
    case 'same':
      return { kind, touchedAt: Number(rest[0]) / 1000, stamp: String(rest[1]) };
    case 'saved':
    case 'conflict':
      return { kind, snapshot: readSnapshot(reply as readonly unknown[], now) };
    case 'full':
      return { kind, rivals: rest.map(String) };
    default:
      return traceOf(String(rest[0]), now);
  }
}

/** Reads what a tombstone says. @param now milliseconds */
export function traceOf(text: string, now: number): Trace {
  if (text.startsWith('ended:')) return { kind: 'none', trace: 'ended', reason: text.slice(6) };
  if (text.startsWith('rotated:')) {
    const [key = '', until] = text.slice(8).split('|');
    return { kind: 'none', trace: 'rotated', key, isGraced: Number(until) > now };
  }
  return { kind: 'none', trace: text === 'hidden' ? 'hidden' : 'unknown' };
}
