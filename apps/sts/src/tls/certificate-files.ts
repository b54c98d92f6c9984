import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How the name of each development authority begins. */
export const authorityName = 'Tessera development authority';

/** A certificate chain and its key, in PEM form. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

export function read(folder: string, name: string): string | undefined {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Written beside and moved into place, so that nobody reads half of it. */
export function write(folder: string, name: string, text: string, mode: number): void {
  const beside = join(folder, `${name}.${process.pid}.new`);
  writeFileSync(beside, text, { mode });
  renameSync(beside, join(folder, name));
}
