/**
 * What a `Cookie` header says about one name. Several cookies of a name are not a choice between
 * them: one of them may have been planted by a sibling domain or a narrower path.
 */
export type FoundCookie =
  | { readonly kind: 'none' }
  | { readonly kind: 'one'; readonly value: string }
  | { readonly kind: 'several' };

const NONE: FoundCookie = Object.freeze({ kind: 'none' });
const SEVERAL: FoundCookie = Object.freeze({ kind: 'several' });

const SPACE = 0x20;
const TAB = 0x09;
const EQUALS = 0x3d;

/**
 * Finds the cookie of exactly this name, by RFC 6265bis, section 5.6: pairs end at `;`, a name at its
 * first `=`, and nothing but SP and HTAB is stripped, so Unicode white space cannot make another name
 * look like this one. The value is as it was sent: nothing is unquoted or decoded. A pair without a
 * name or without `=` is no match, and cookies of the name are `several` even when they are equal.
 *
 * Linear in the header's length; the other cookies are passed over, not parsed.
 *
 * @param name a token, as the cookie options make sure
 */
export function findCookie(header: string | undefined, name: string): FoundCookie {
  let found = NONE;
  if (header === undefined) return found;
  let end = 0;
  for (let start = 0; start < header.length; start = end + 1) {
    const semicolon = header.indexOf(';', start);
    end = semicolon === -1 ? header.length : semicolon;
    const from = skipBlanks(header, start);
    if (!header.startsWith(name, from)) continue;
    const equals = skipBlanks(header, from + name.length);
    if (header.charCodeAt(equals) !== EQUALS) continue;
    if (found !== NONE) return SEVERAL;
    found = { kind: 'one', value: strip(header, equals + 1, end) };
  }
  return found;
}

/** The first index from `index` on that holds no SP or HTAB. A blank is no `;`, so it ends with the pair. */
function skipBlanks(header: string, index: number): number {
  while (isBlank(header.charCodeAt(index))) index++;
  return index;
}

function strip(header: string, start: number, end: number): string {
  const from = skipBlanks(header, start);
  while (end > from && isBlank(header.charCodeAt(end - 1))) end--;
  return header.slice(from, end);
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}
