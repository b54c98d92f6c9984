import { dirname, resolve } from 'node:path';
import type { PagesOptions } from '@tessera/pages';

const folders = ['messages', 'templates', 'assets'] as const;

/** A file speaks of what lies beside it, wherever the server is started from. What is no text is left for the check to blame. */
export function withFoldersBeside(file: string, pages: Partial<PagesOptions>): Partial<PagesOptions> {
  const given = folders.flatMap((key) => {
    const folder: unknown = pages[key];
    return typeof folder === 'string' && folder !== '' ? [[key, resolve(dirname(file), folder)]] : [];
  });
  return { ...pages, ...(Object.fromEntries(given) as Partial<PagesOptions>) };
}
