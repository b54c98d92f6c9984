/** Where the database is. */
export type DatabaseLocation =
  /** Gone with the process: for tests. */
  | { readonly kind: 'memory' }
  | { readonly kind: 'sqlite'; readonly path: string; readonly synchronous: 'full' | 'normal' }
  | { readonly kind: 'postgres'; readonly url: string };

/** A database URL that cannot be used. The message says what would be right, and holds no password. */
export class DatabaseUrlError extends Error {
  override readonly name = 'DatabaseUrlError';
}

const forms = 'memory:, sqlite:<path> or postgres://<user>:<password>@<host>:<port>/<database>';

/**
 * Reads `memory:`, `sqlite:<path>` (with `?synchronous=normal` for commits that survive a killed process but not a power cut; they survive both by default),
 * or `postgres://…`, which goes to PostgreSQL as it stands.
 * @throws DatabaseUrlError
 */
export function readDatabaseUrl(url: string): DatabaseLocation {
  if (url === 'memory:') return { kind: 'memory' };
  if (/^postgres(?:ql)?:\/\//.test(url)) {
    if (URL.canParse(url)) return { kind: 'postgres', url };
    throw new DatabaseUrlError(`The URL of the PostgreSQL database cannot be read: it must be ${forms}.`);
  }
  const [, path = '', query = ''] = /^sqlite:([^?]+)(?:\?(.*))?$/.exec(url) ?? [];
  const { synchronous = 'full', ...unknown } = Object.fromEntries(new URLSearchParams(query));
  if (path === '' || Object.keys(unknown).length > 0 || (synchronous !== 'full' && synchronous !== 'normal')) {
    throw new DatabaseUrlError(
      `The database URL must be ${forms}; of SQLite's options there is synchronous=full|normal.`,
    );
  }
  return { kind: 'sqlite', path, synchronous };
}
