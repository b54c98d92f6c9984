import { createHash } from 'node:crypto';
import { issuer, type RunningPages } from './running-pages.spec.fixture.js';

/** A page as a browser has it. */
export interface Shown {
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  /** Where it was found in the end; of a client, where the browser was sent to. */
  readonly address: URL;
  /** The text that a person reads. */
  readonly text: string;
}

/** Keeps cookies and follows redirects inside the server; at a client it stops. */
export class Browser {
  private readonly cookies = new Map<string, string>();

  constructor(
    private readonly server: RunningPages,
    private readonly headers: Record<string, string> = {},
  ) {}

  async open(address: string, init: RequestInit = {}): Promise<Shown> {
    const target = new URL(address, `${issuer}/`);
    if (target.origin !== issuer) return { status: 0, headers: new Headers(), html: '', address: target, text: '' };
    const response = await fetch(this.server.url + target.pathname + target.search, {
      ...init,
      redirect: 'manual',
      headers: { ...this.headers, cookie: this.cookieHeader(), ...(init.headers as Record<string, string>) },
    });
    this.keep(response.headers.getSetCookie());
    const location = response.headers.get('location');
    if (location !== null) return this.open(new URL(location, target).href);
    const html = await response.text();
    return { status: response.status, headers: response.headers, html, address: target, text: textOf(html) };
  }

  /** Sends the form of a page, with the fields that it holds and those that are filled in. */
  submit(page: Shown, fields: Record<string, string | string[]> = {}, form = 0): Promise<Shown> {
    const { action, hidden } = formsOf(page.html)[form]!;
    const body = new URLSearchParams(hidden);
    for (const [name, value] of Object.entries(fields)) {
      body.delete(name);
      [value].flat().forEach((one) => body.append(name, one));
    }
    return this.open(new URL(action, page.address).href, { method: 'POST', body });
  }

  forget(): void {
    this.cookies.clear();
  }

  private cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  private keep(lines: readonly string[]): void {
    for (const line of lines) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      if (/max-age=0/i.test(line)) this.cookies.delete(name!);
      else this.cookies.set(name!, value!);
    }
  }
}

/** The forms of a page, each with where it leads and what it holds that nobody sees. */
export function formsOf(html: string): { action: string; hidden: [string, string][] }[] {
  return [...html.matchAll(/<form method="post" action="([^"]*)">(.*?)<\/form>/gs)].map(([, action, inside]) => ({
    action: unescape(action!),
    hidden: [...inside!.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(
      ([, name, value]): [string, string] => [name!, unescape(value!)],
    ),
  }));
}

/** Where the link leads that begins with this path. */
export function linkOf({ html }: Shown, path: string): string {
  const href = html.split(`href="${path}`)[1]?.split('"')[0];
  if (href === undefined) throw new Error(`There is no link to ${path}: ${html}`);
  return path + unescape(href);
}

function textOf(html: string): string {
  const body = html.slice(html.indexOf('<body'));
  return unescape(body.replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim();
}

function unescape(text: string): string {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' };
  return text
    .replace(/&#(\d+);/g, (_all, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&(amp|lt|gt|quot);/g, (_all, name: string) => named[name]!);
}

const verifier = 'a-code-verifier-of-more-than-forty-three-characters';

/** The address with which an application sends somebody to sign in. */
export function authorizeAddress(clientId: string, more: Record<string, string> = {}): string {
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: 'https://notes.example/callback',
    scope: 'openid profile',
    state: 'the-state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...more,
  });
  return `/connect/authorize?${query.toString()}`;
}

/** A browser in which a person has signed in, for the server alone. */
export async function signedInBrowser(
  server: RunningPages,
  username = 'alice',
  headers?: Record<string, string>,
): Promise<Browser> {
  const browser = new Browser(server, headers);
  await signIn(browser, await browser.open('/signin'), username);
  return browser;
}

export function signIn(browser: Browser, page: Shown, username = 'alice'): Promise<Shown> {
  return browser.submit(page, { username, password: [...username].reverse().join('') });
}
