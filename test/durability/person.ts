import { PlainBrowser } from '../plain-browser.js';
import { redirectUri } from './configuration.js';
import type { Journal } from './journal.js';
import type { Service } from './service.js';

const verifier = 'v'.repeat(43);
/** BASE64URL(SHA256(verifier)), RFC 7636 §4.2. */
const challenge = await crypto.subtle
  .digest('SHA-256', new TextEncoder().encode(verifier))
  .then((digest) => Buffer.from(digest).toString('base64url'));

/** What redeems the codes that a person brings. */
export const codeParams = { grant_type: 'authorization_code', redirect_uri: redirectUri, code_verifier: verifier };

/** Somebody in a browser. */
export class Person {
  private readonly browser: PlainBrowser;

  constructor(
    service: Service,
    private readonly journal: Journal,
  ) {
    this.browser = new PlainBrowser(service);
  }

  /**
   * Gives whether it went through. A proxy asks the next node where one died in the middle of a GET: the second finds the sign-in used up, and says so on a
   * page. Whoever begins again must come through then. @throws UnknownOutcome
   */
  async signIn(mayBeginAgain = true): Promise<boolean> {
    const page = await this.browser.open(authorizeUrl());
    if (page.status !== 200 || !page.html.includes('name="password"')) {
      this.journal.violation('No page to sign in', { status: page.status, url: page.url.href, text: page.text });
      return false;
    }
    const back = await this.browser.signIn(page);
    if (back.url.searchParams.has('code')) return true;
    if (back.status === 404 && mayBeginAgain) {
      this.journal.count('Sign-ins begun again');
      return this.signIn(false);
    }
    this.journal.violation('A sign-in failed', { status: back.status, url: back.url.href, text: back.text });
    return false;
  }

  /** A code without being asked for anything: the session is known. @throws UnknownOutcome */
  async code(): Promise<string | undefined> {
    const { url, status, text } = await this.browser.open(authorizeUrl({ prompt: 'none' }));
    const code = url.searchParams.get('code');
    if (code !== null) return code;
    this.journal.violation('A session is unknown', { status, url: url.href, text });
    return undefined;
  }
}

/** Where a client sends a browser for a code. */
export function authorizeUrl(more: Readonly<Record<string, string>> = {}): string {
  const params = new URLSearchParams({
    client_id: 'web',
    response_type: 'code',
    scope: 'openid api1',
    redirect_uri: redirectUri,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...more,
  });
  return `/connect/authorize?${params.toString()}`;
}
