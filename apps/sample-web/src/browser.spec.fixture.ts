import { expect } from '@jest/globals';
import { parseSetCookie, stringifyCookie } from 'cookie';

/** What a browser shows in the end. */
export interface ShownPage {
  /** As in the address bar. */
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

interface Navigation {
  readonly form?: Record<string, string>;
  /** How many redirects are followed. */
  readonly follow?: number;
}

/** A browser as far as it matters: cookies by the rules of `__Host-`, redirects, forms, and the policy about where forms lead. */
export class Browser {
  readonly cookies = new Map<string, string>();

  /** `publicUrl` is where the application says it is, `realUrl` where it listens. */
  constructor(
    private readonly publicUrl: string,
    private readonly realUrl: string,
  ) {}

  async open(address: string, { form, follow = 10 }: Navigation = {}, allowed?: readonly string[]): Promise<ShownPage> {
    const url = new URL(address, this.publicUrl);
    if (allowed) expect(allowed).toContain(url.origin);
    const response = await this.send(url, form);
    const location = response.headers.get('location');
    if (location !== null && follow > 0) return this.open(new URL(location, url).href, { follow: follow - 1 }, allowed);
    return { url: url.href, status: response.status, headers: response.headers, text: await response.text() };
  }

  /** Sends the form with this action, filled in, as it stands on the page. */
  submit(page: ShownPage, action: string, fields: Record<string, string> = {}, follow = 10): Promise<ShownPage> {
    const html = page.text.match(new RegExp(`<form[^>]* action="${action}">.*?</form>`, 's'))?.[0];
    if (html === undefined) throw new Error(`There is no form for ${action}: ${page.text}`);
    const hidden = [...html.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)];
    const form = { ...Object.fromEntries(hidden.map(([, name, value]) => [name, value])), ...fields };
    const policy = page.headers.get('content-security-policy') ?? '';
    const sources = /form-action ([^;]*)/.exec(policy)?.[1]?.split(' ') ?? [];
    const allowed = sources.map((source) => (source === "'self'" ? this.publicUrl : source));
    return this.open(action, { form, follow }, allowed);
  }

  private async send(url: URL, form: Record<string, string> | undefined): Promise<Response> {
    const isOurs = url.origin === this.publicUrl;
    const response = await fetch(isOurs ? url.href.replace(this.publicUrl, this.realUrl) : url, {
      redirect: 'manual',
      headers: isOurs ? { cookie: stringifyCookie(Object.fromEntries(this.cookies)) } : {},
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    if (isOurs) response.headers.getSetCookie().forEach((header) => this.keep(header));
    return response;
  }

  private keep(header: string): void {
    const { name, value = '', ...attributes } = parseSetCookie(header);
    expect(name).toMatch(/^__Host-/);
    expect(attributes).toMatchObject({ path: '/', secure: true, httpOnly: true, sameSite: 'lax' });
    expect(attributes).not.toHaveProperty('domain');
    if (attributes.maxAge === 0) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
