import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from '@jest/globals';

const folders: string[] = [];

afterAll(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A folder of the spec's own, removed when the spec has run. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sts-'));
  folders.push(folder);
  return folder;
}

/** Writes a file into a new folder and gives its path. */
export function temporaryFile(text: string, name = 'sts.yaml'): string {
  const path = join(temporaryFolder(), name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}
