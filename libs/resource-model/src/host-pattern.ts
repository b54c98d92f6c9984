/** Whether one of the patterns means the host: the same name, a name below one that begins with a dot, or `*`. */
export function isHostAmong(host: string, patterns: readonly string[]): boolean {
  return patterns.some(
    (pattern) => pattern === '*' || (pattern.startsWith('.') ? isBelow(host, pattern) : host === pattern),
  );
}

function isBelow(host: string, suffix: string): boolean {
  return host.length > suffix.length && host.endsWith(suffix);
}
