import { isDeepStrictEqual } from 'node:util';
import { resolveOptions } from '@tessera/token-server';
import type { Settings } from '../configuration/settings.js';

/** The keys of the file that are the server's own, are not kept in the database, and say something else than at the start. */
export function serverChanges(started: Settings, now: Settings): string[] {
  const [before, after] = [ownOptions(started), ownOptions(now)];
  return Object.keys(after).filter((key) => !isDeepStrictEqual(before[key], after[key]));
}

function ownOptions({ options, pages }: Settings): Record<string, unknown> {
  const { configuration: _configuration, outgoing, ...resolved } = resolveOptions(options).resolved;
  const { demo: _demo, ...page } = pages;
  // The authority of the development certificate joins the others only at the start.
  const { certificateAuthorities: _authorities, ...rules } = outgoing;
  return JSON.parse(JSON.stringify({ ...resolved, outgoing: rules, pages: page })) as Record<string, unknown>;
}
