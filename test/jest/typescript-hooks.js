import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { transformFileSync } from '@swc/core';

import { compiledFolder, sourceMapOf } from './compiled-folder.cjs';

const globals = new URL('./globals.js', import.meta.url).href;
const settings = readFileSync(new URL('../../.swcrc', import.meta.url));
/** Who waits for changes wants them: then each run loads our files anew. */
const isWatching = process.argv.some((argument) => argument.startsWith('--watch'));
mkdirSync(compiledFolder, { recursive: true });

/** TypeScript imports `./x.js` and means `./x.ts`; what jest offers to a test comes from the file that runs. */
export async function resolve(specifier, context, next) {
  if (specifier === '@jest/globals') return { url: globals, format: 'module', shortCircuit: true };
  const found = sourceOf(specifier, context.parentURL) ?? (await next(specifier, context));
  if (!isWatching || !isTypeScript(found.url) || found.url.includes('?')) return found;
  return { ...found, url: found.url + new URL(context.parentURL).search };
}

function sourceOf(specifier, parent) {
  if (!specifier.startsWith('.') || !specifier.endsWith('.js') || !isTypeScript(parent)) return undefined;
  const source = new URL(`${specifier.slice(0, -3)}.ts`, parent);
  return existsSync(source) ? { url: source.href, format: 'module', shortCircuit: true } : undefined;
}

const isTypeScript = (url) => url?.startsWith('file:') && new URL(url).pathname.endsWith('.ts');

export async function load(url, context, next) {
  if (!isTypeScript(url)) return next(url, context);
  return { format: 'module', shortCircuit: true, source: compiled(fileURLToPath(url)) };
}

/** A file is compiled once for its content, by whichever process comes first. */
function compiled(path) {
  const key = createHash('sha256').update(settings).update(path).update(readFileSync(path)).digest('hex');
  const kept = join(compiledFolder, `${key}.js`);
  if (existsSync(kept)) return readFileSync(kept);
  const { code, map } = transformFileSync(path, { sourceMaps: true });
  writeWhole(sourceMapOf(path), map);
  writeWhole(kept, code);
  return code;
}

function writeWhole(path, text) {
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, text);
  renameSync(unfinished, path);
}
