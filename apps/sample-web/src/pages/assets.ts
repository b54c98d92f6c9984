import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** A file that browsers load beside a page. */
interface Asset {
  /** With its hash, so that a browser may keep it for as long as it likes. */
  readonly url: string;
  readonly type: string;
  readonly content: string;
}

export const stylesheet = asset('style.css', 'text/css; charset=utf-8');
export const icon = asset('icon.svg', 'image/svg+xml');

function asset(file: string, type: string): Asset {
  const content = readFileSync(new URL(`../../templates/${file}`, import.meta.url), 'utf8');
  const hash = createHash('sha256').update(content).digest('base64url').slice(0, 12);
  return { url: `/${file}?v=${hash}`, type, content };
}
