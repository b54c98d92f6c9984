import { PagesOptions } from '@tessera/pages';
import { resolveOptions } from '@tessera/token-server';
import type { Settings } from '../../configuration/settings.js';

/** Stands where a secret was given, so that nobody takes its absence for the lack of one. */
export const withheld = '(withheld)';

const secretKeys = [
  'passwordHash',
  'encryptionKeys',
  'pairwiseSubjectSalt',
  'assertionSecret',
  'nonceSecret',
  'dpopNonceSecret',
];

/** What the server would run with, as plain data in the file's own words. Secrets, their hashes and those of passwords are not in it. */
export function exportSettings({ environment, options, pages }: Settings) {
  const { resolved } = resolveOptions(options);
  const { configuration, ...server } = resolved;
  const { demo: _demo, ...pageOptions } = pages;
  const configured = { ...server, pages: new PagesOptions(pageOptions), ...configuration };
  return { environment: plain(environment), configuration: plain(configured) };
}

/** As JSON holds it: without methods, and without secrets. */
function plain(value: object): Record<string, unknown> {
  const text = JSON.stringify(value, (key: string, part: unknown) => {
    if (key === 'clientSecrets' || key === 'apiSecrets') return (part as object[]).map(withoutValue);
    if (secretKeys.includes(key) && part !== undefined) return withheld;
    return typeof part === 'string' ? withoutUserinfo(part) : part;
  });
  return JSON.parse(text) as Record<string, unknown>;
}

function withoutValue(secret: object): object {
  return { ...secret, value: withheld };
}

/** The URL of a database carries a password, before its host or among its parameters. */
function withoutUserinfo(text: string): string {
  return text
    .replace(/(^\w+:\/\/)[^/?#]*@/, `$1${withheld}@`)
    .replace(/([?&](?:password|user|sslkey|sslpassword)=)[^&#]*/g, `$1${withheld}`);
}
