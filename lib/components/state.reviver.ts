/**
 * What `StateTagger` made of a value, turned back into it. Nothing is looked up by a name from the
 * text, no prototype is set, and every key becomes an own property, `__proto__` included.
 *
 * Throws a `TypeError` on a tag that it does not know or that is malformed.
 */
export function revive(json: unknown): unknown {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map((item) => revive(item));
  const entries = Object.entries(json);
  const [only] = entries;
  if (entries.length === 1 && only?.[0].startsWith('$')) return reviveOnly(...only);
  return Object.fromEntries(entries.map(([key, value]) => [key, revive(value)]));
}

function reviveOnly(key: string, content: unknown): unknown {
  if (key.startsWith('$$')) return { [key.slice(1)]: revive(content) };
  switch (key) {
    case '$date':
      return reviveDate(content);
    case '$map':
      return reviveMap(content);
    case '$set':
      return reviveSet(content);
    case '$bigint':
      if (typeof content === 'string' && /^(?:0|-?[1-9]\d*)$/.test(content)) return BigInt(content);
      break;
    case '$number':
      return reviveNumber(content);
    case '$undefined':
      if (content === true) return undefined;
      break;
  }
  return malformed(key);
}

function reviveDate(content: unknown): Date {
  if (content === null) return new Date(NaN);
  const date = new Date(typeof content === 'number' ? content : NaN);
  return date.getTime() === content ? date : malformed('$date');
}

function reviveMap(content: unknown): Map<unknown, unknown> {
  const map = new Map<unknown, unknown>();
  if (!Array.isArray(content)) return malformed('$map');
  for (const entry of content) {
    if (!Array.isArray(entry) || entry.length !== 2) return malformed('$map');
    map.set(revive(entry[0]), revive(entry[1]));
  }
  return map.size === content.length ? map : malformed('$map');
}

function reviveSet(content: unknown): Set<unknown> {
  if (!Array.isArray(content)) return malformed('$set');
  const set = new Set(content.map((item) => revive(item)));
  return set.size === content.length ? set : malformed('$set');
}

function reviveNumber(content: unknown): number {
  switch (content) {
    case 'NaN':
    case 'Infinity':
    case '-Infinity':
    case '-0':
      return Number(content);
    default:
      return malformed('$number');
  }
}

function malformed(tag: string): never {
  throw new TypeError(`The tag ${JSON.stringify(tag)} is unknown or malformed.`);
}
