import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Environment } from '../../../configuration/environment.js';
import { type Finding, findings } from '../finding.js';

const { fine, problem } = findings('data folder');

/** What in it must be nobody else's to read. */
const secretFiles = ['signing-keys.json', 'encryption.key', join('tls', 'ca-key.pem'), join('tls', 'key.pem')];

/** The server writes its keys there; whoever reads them can sign tokens in its name. */
export function checkDataFolder({ data }: Environment): Finding[] {
  const standing = nearest(resolve(data));
  if (!statSync(standing).isDirectory() || !isWritable(standing)) {
    const remedy = `Run the server as the folder's owner, give it to this user (chown), or choose another with STS_DATA.`;
    return [problem(`${standing} cannot be written to by this user`, remedy)];
  }
  const says = existsSync(data) ? `${data} can be written to` : `${data} does not exist yet: the start makes it`;
  return [fine(says), ...secretFiles.flatMap((name) => openFile(join(data, name)))];
}

/** A folder that is not there yet is made in the nearest one that is. */
function nearest(path: string): string {
  return existsSync(path) ? path : nearest(dirname(path));
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function openFile(path: string): Finding[] {
  // Windows has no such permissions, and says 0666 of every file.
  if (process.platform === 'win32' || !existsSync(path)) return [];
  const mode = statSync(path).mode & 0o777;
  if ((mode & 0o077) === 0) return [fine(`${path} is its owner's alone`)];
  const shown = mode.toString(8).padStart(4, '0');
  return [
    problem(
      `${path} can be read or changed by others (${shown})`,
      `chmod 600 ${path}; if others have had a look at it, replace the keys.`,
    ),
  ];
}
