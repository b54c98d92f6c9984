import { basic } from '../../requests.js';
import { PlainBrowser } from '../../plain-browser.js';
import { authorizeUrl, codeParams } from '../person.js';
import type { Service } from '../service.js';
import type { Hour, Span } from './hour.js';
import { lifetimes } from './lifetimes.js';

const scope = { scope: 'openid api1 offline_access' };

/** Somebody in a browser, who brings one code after the other until the session has ended, and signs in anew then. */
export class Visitor {
  private readonly browser: PlainBrowser;
  private session: Span | undefined;

  constructor(
    private readonly service: Service,
    private readonly hour: Hour,
  ) {
    this.browser = new PlainBrowser(service);
  }

  async proceed(): Promise<void> {
    const from = this.hour.now;
    const code = this.session ? await this.code(this.session) : await this.signIn();
    if (code !== undefined) await this.redeem(code, { from, to: this.hour.now });
  }

  private async signIn(): Promise<string | undefined> {
    const from = this.hour.now;
    const page = await this.browser.open(authorizeUrl(scope));
    this.hour.add('interactions');
    const back = await this.browser.signIn(page);
    const code = back.url.searchParams.get('code');
    if (code === null) {
      this.hour.journal.violation('A sign-in failed', { url: back.url.href, status: back.status, text: back.text });
      return undefined;
    }
    this.hour.add('sessions');
    this.session = { from, to: this.hour.now };
    return this.issued(code);
  }

  /** None where the session has ended. */
  private async code(session: Span): Promise<string | undefined> {
    const asked = this.hour.now;
    const { url, status, text } = await this.browser.open(authorizeUrl({ ...scope, prompt: 'none' }));
    const code = url.searchParams.get('code');
    const isAlive = this.hour.isAlive(lifetimes.session, session, asked);
    if (code !== null && isAlive !== false) return this.issued(code);
    this.session = undefined;
    const isEnded = url.searchParams.get('error') === 'login_required' && isAlive !== true;
    if (isEnded) this.hour.journal.count('Sessions ended');
    else this.hour.journal.violation('A session is wrong', { session, asked, url: url.href, status, text });
    return undefined;
  }

  private issued(code: string): string {
    this.hour.add('authorization_codes');
    return code;
  }

  private async redeem(code: string, born: Span): Promise<void> {
    const answer = await this.service.form('connect/token', { ...codeParams, code }, basic('web'));
    if (answer.status !== 200) {
      const isAlive = this.hour.isAlive(lifetimes.code, born, born.from);
      if (isAlive === true) this.hour.journal.violation('A code was refused', { born, answer });
      return this.hour.journal.count('Codes ended');
    }
    this.hour.add('refresh_tokens');
    this.hour.count(answer.body as Record<string, unknown>);
    this.hour.journal.count('Codes redeemed');
  }
}
