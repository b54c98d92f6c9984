/** RFC 6749 §3.3: names separated by spaces; a name twice counts once. None: undefined. */
export function parseScopes(scope: string | undefined): string[] | undefined {
  if (scope === undefined) return undefined;
  const scopes = [...new Set(scope.split(' ').filter((name) => name !== ''))];
  return scopes.length > 0 ? scopes : undefined;
}
