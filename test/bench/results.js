// The whole result of a run, so that runs can be compared later.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pinning } from './pinning.js';

/**
 * @param {string} kind begins the file's name; '' for the token server
 * @param {string[]} packages whose versions matter
 * @param {object} result goes into the JSON
 * @param {string} text the Markdown
 * @returns {string} the path of the JSON
 */
export function writeResult(kind, packages, result, text) {
  const results = fileURLToPath(new URL('results/', import.meta.url));
  mkdirSync(results, { recursive: true });
  const time = new Date().toISOString();
  const path = join(results, `${kind}${time.replace(/[:.]/g, '-')}.json`);
  const environment = {
    node: process.version,
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    pinned: pinning.possible,
    versions: versionsOf(packages),
  };
  writeFileSync(path, `${JSON.stringify({ time, environment, ...result }, null, 2)}\n`);
  writeFileSync(path.replace(/json$/, 'md'), `${text}\n`);
  return path;
}

/** Read from the folders: not every package lets its package.json be required. */
function versionsOf(names) {
  const folders = createRequire(import.meta.url).resolve.paths('any');
  return Object.fromEntries(
    names.map((name) => {
      const found = folders.map((path) => join(path, name, 'package.json')).find((path) => existsSync(path));
      return [name, found && JSON.parse(readFileSync(found, 'utf8')).version];
    }),
  );
}
