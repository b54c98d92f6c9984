import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Fault } from '@tessera/resource-model';
import type { PagesOptions } from '../pages.options.js';
import { Assets, assetTypes } from './assets.js';
import { colouredMark, themeOf } from './theme.js';

/** It is put together of the colours, our style and that of the application. */
const style = 'style.css';
const mark = 'mark.svg';

/** All are kept in memory. */
const largest = 2 * 1024 * 1024;

/** Reads our files and, over them, those of an application. */
export function readAssets(ours: string, options: PagesOptions): { assets: Assets; faults: Fault[] } {
  const faults: Fault[] = [];
  const base = readFolder(ours, []);
  const own = options.assets === undefined ? new Map<string, Buffer>() : readFolder(options.assets, faults);
  const styles = [Buffer.from(themeOf(options)), base.get(style)!, own.get(style) ?? Buffer.alloc(0)];
  base.set(mark, Buffer.from(colouredMark(base.get(mark)!.toString(), options)));
  const assets = new Assets(new Map([...base, ...own, [style, Buffer.concat(styles)]]));
  return { assets, faults: [...faults, ...logoFaults(options, own)] };
}

function readFolder(folder: string, faults: Fault[]): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (const name of namesIn(folder, faults)) {
    const problem = problemOf(name);
    const body = problem === undefined ? readFileSync(join(folder, name)) : Buffer.alloc(0);
    if (problem !== undefined) faults.push({ path: 'assets', value: name, problem });
    else if (body.length > largest) faults.push({ path: 'assets', value: name, problem: 'is larger than 2 MiB' });
    else found.set(name, body);
  }
  return found;
}

function namesIn(folder: string, faults: Fault[]): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map(({ name }) => name);
  } catch (error) {
    faults.push({
      path: 'assets',
      value: folder,
      problem: `must be a folder that can be read: ${(error as Error).message}`,
    });
    return [];
  }
}

function problemOf(name: string): string | undefined {
  if (!/^[\w-][\w.-]*$/.test(name)) return 'must be named with letters, digits, hyphens and dots alone';
  if (Object.hasOwn(assetTypes, extname(name))) return undefined;
  return `must be one of ${Object.keys(assetTypes).join(', ')}`;
}

function logoFaults({ logoUrl, assets }: PagesOptions, own: ReadonlyMap<string, Buffer>): Fault[] {
  if (logoUrl === undefined || logoUrl.startsWith('https://') || own.has(logoUrl)) return [];
  const where = assets === undefined ? 'the folder assets, which is not given' : `the folder ${assets}`;
  return [{ path: 'logoUrl', value: logoUrl, problem: `must be an https URL or a file in ${where}` }];
}
