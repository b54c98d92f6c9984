/** A value for a message, shortened, without what could be a secret. */
export function show(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  return typeof value === 'string'
    ? `'${inOneLine(withoutCredentials(value).slice(0, 200))}'`
    : (JSON.stringify(value, withoutSecrets)?.slice(0, 200) ?? String(value));
}

/** What kind of value it is, in the place of one that may be a secret or hold one. Numbers and the like hold none. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return `a text of ${value.length} characters`;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : show(value);
}

/** Whether an option holds a secret or, as a whole, may hold one. */
export function isSecret(name: string): boolean {
  return /secret|password|^(?:jwks|introspection|decryption)$/i.test(name);
}

/** The members of private and symmetric JWKs (RFC 7518 §6), wherever one stands by mistake. */
export const privateMembers: readonly string[] = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

function withoutSecrets(name: string, value: unknown): unknown {
  if (isSecret(name) || privateMembers.includes(name)) return '…';
  return typeof value === 'string' ? withoutCredentials(value) : value;
}

/** A PEM, and of a URL its user, its password and its query. Up to the last @: a password may contain everything. */
function withoutCredentials(text: string): string {
  if (text.includes('-----BEGIN')) return '… (a PEM)';
  return text.replace(/^([^@]*?:\/\/)?.*@/s, '$1…@').replace(/(:\/\/[^?]*)\?.+/s, '$1?…');
}

/** A line end in a value, often one of a file that it was read from, is shown as one. */
function inOneLine(text: string): string {
  return text.replaceAll('\r', '\\r').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}
