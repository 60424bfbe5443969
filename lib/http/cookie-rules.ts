/** What RFC 6265 lets a path be: visible ASCII and spaces, no `;`. A browser ignores one that is longer. */
const PATH = /^\/[ -:<-~]{0,1023}$/;

/** A label of a host name, by RFC 1123: letters, digits and inner hyphens. */
const LABEL = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i;

/** What is wrong with a cookie's path, and the cure. */
export function pathProblem(path: unknown): string | undefined {
  if (typeof path !== 'string' || !path.startsWith('/'))
    return "must begin with '/', as in '/shop'.";
  if (PATH.test(path)) return undefined;
  return "must be up to 1024 visible ASCII characters without ';': percent-encode the others.";
}

/** What is wrong with a cookie's domain, and the cure. None at all is right. */
export function domainProblem(domain: unknown): string | undefined {
  if (domain === undefined) return undefined;
  if (typeof domain !== 'string') return "must be a host name, as in 'example.com'.";
  if (domain.startsWith('.')) {
    return "must not begin with a dot: leave the dot out. 'example.com' covers its subdomains, too.";
  }
  const isHostName = domain.length <= 253 && domain.split('.').every((label) => LABEL.test(label));
  if (isHostName) return undefined;
  return "must be a host name, as in 'example.com': no scheme, port or path, and in Punycode.";
}
