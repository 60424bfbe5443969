import { type SessionRecord, type StoredComponent } from '../store/session-record.js';
import { SESSION_FIELDS, type SessionFields } from './session-fields.js';

/** What a script says of a session: its fields, and the components that were saved since a version. */
export interface Snapshot {
  /** Milliseconds, as all times of the server. */
  readonly now: number;
  readonly version: number;
  /** What the server knows its fields and components by, but for the last touch. */
  readonly stamp: string;
  readonly id: string;
  readonly secure: boolean | undefined;
  readonly times: SessionTimes;
  readonly login: SessionLogin;
  /** Whether these are all components that there are. */
  readonly isComplete: boolean;
  readonly components: readonly SavedComponent[];
}

/** In seconds, as records have them. */
interface SessionTimes {
  readonly createdAt: number;
  readonly lastModified: number;
  readonly sessionTimeout: number;
  readonly absoluteTimeout: number;
}

interface SessionLogin {
  readonly principal: string | undefined;
  readonly level: string | undefined;
  readonly loggedInAt: number | undefined;
}

export interface SavedComponent {
  readonly key: string;
  readonly revision: number;
  /** Empty where it was removed. */
  readonly text: string;
}

/** How many values a snapshot has before the fields: its kind, its stamp, since when. */
const HEAD = 3;

/** Reads the reply that the script's `snapshot()` makes. @param now milliseconds */
export function readSnapshot(reply: readonly unknown[], now: number): Snapshot {
  const fields: Record<string, string> = {};
  for (const [index, name] of SESSION_FIELDS.entries()) fields[name] = String(reply[HEAD + index]);
  const components: SavedComponent[] = [];
  for (let i = HEAD + SESSION_FIELDS.length; i < reply.length; i += 3) {
    components.push({
      key: String(reply[i]),
      revision: Number(reply[i + 1]),
      text: String(reply[i + 2]),
    });
  }
  const [, stamp, since] = reply.map(String);
  return { ...readFields(fields), stamp: stamp ?? '', now, isComplete: since === '-1', components };
}

/** Reads a session from the fields of its event: all of it, as it was when it ended. */
export function readEvent(fields: ReadonlyMap<string, string>): Snapshot {
  const components: SavedComponent[] = [];
  for (const [name, text] of fields) {
    if (!name.startsWith('c:')) continue;
    const key = name.slice(2);
    components.push({ key, text, revision: Number(fields.get(`v:${key}`)) });
  }
  const now = Number(fields.get('at'));
  return {
    ...readFields(Object.fromEntries(fields)),
    stamp: '',
    now,
    isComplete: true,
    components,
  };
}

/** A record as new, of a session that this node does not hold. */
export function recordOf(snapshot: Snapshot, key: string): SessionRecord {
  const { id, secure, times, login } = snapshot;
  const components = changed(undefined, snapshot.components);
  return { key, id, secure, ...times, ...login, components, ended: undefined, live: undefined };
}

/** Brings a record up to date. A touch that is not saved yet is not taken back. */
export function update(record: SessionRecord, snapshot: Snapshot): void {
  const { times, login } = snapshot;
  const lastModified = Math.max(record.lastModified, times.lastModified);
  Object.assign(record, times, login, { lastModified });
  if (snapshot.isComplete) record.components = changed(undefined, snapshot.components);
  else record.components = changed(record.components, snapshot.components);
}

/** The record was touched, then or later. */
export function touched(record: SessionRecord, at: number): void {
  record.lastModified = Math.max(record.lastModified, at);
}

/** Components after some of them were saved. */
export function changed(
  components: ReadonlyMap<string, StoredComponent> | undefined,
  saved: readonly SavedComponent[],
): ReadonlyMap<string, StoredComponent> | undefined {
  if (saved.length === 0) return components;
  const result = new Map(components);
  for (const { key, revision, text } of saved) {
    if (text === '') result.delete(key);
    else result.set(key, { text, revision });
  }
  return result;
}

function readFields(
  fields: SessionFields,
): Omit<Snapshot, 'now' | 'stamp' | 'isComplete' | 'components'> {
  const { id = '', secure, principal, level, loggedIn, version } = fields;
  return {
    id,
    version: Number(version),
    secure: secure ? secure === '1' : undefined,
    times: {
      createdAt: seconds(fields.created),
      lastModified: seconds(fields.touched),
      sessionTimeout: seconds(fields.idle),
      absoluteTimeout: seconds(fields.absolute),
    },
    login: {
      principal: principal || undefined,
      level: level || undefined,
      loggedInAt: loggedIn ? seconds(loggedIn) : undefined,
    },
  };
}

function seconds(milliseconds: string | undefined): number {
  return Number(milliseconds ?? 0) / 1000;
}

/** As the server counts. A duration is at least one millisecond. */
export function milliseconds(seconds: number): string {
  return String(Math.max(1, Math.round(seconds * 1000)));
}
