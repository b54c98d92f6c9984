import { type HTMLElement, parse } from 'node-html-parser';
import { CookieJar } from 'tough-cookie';
import type { RunningServer } from './running-server.js';

/** What a browser shows in the end. */
export interface Shown {
  /** As in the address bar; of another origin than the server's, where the browser was sent to. */
  readonly url: URL;
  /** 0 where the browser was sent to another origin. */
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  /** The text that a person reads. */
  readonly text: string;
}

/** From which site a request comes: it decides which cookies go along (SameSite). */
export type Site = 'strict' | 'cross';

/** A browser without scripts: it keeps cookies by their rules, follows redirects as far as the server, and fills in forms. */
export class PlainBrowser {
  private readonly jar = new CookieJar(undefined, { prefixSecurity: 'strict', allowSpecialUseDomain: true });

  constructor(
    private readonly server: Pick<RunningServer, 'url' | 'fetch'>,
    private readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  /** Follows redirects within the server; elsewhere it stops. */
  async open(address: string | URL, init: RequestInit = {}, from: Site = 'strict'): Promise<Shown> {
    const url = new URL(address, this.server.url);
    if (url.origin !== this.server.url) return { url, status: 0, headers: new Headers(), html: '', text: '' };
    const response = await this.fetch(url, init, from);
    const location = response.headers.get('location');
    if (location !== null) return this.open(new URL(location, url), {}, from);
    const html = await response.text();
    return { url, status: response.status, headers: response.headers, html, text: textOf(html) };
  }

  /** One request, with the browser's cookies; nothing is followed. */
  async fetch(address: string | URL, init: RequestInit = {}, from: Site = 'strict'): Promise<Response> {
    const url = new URL(address, this.server.url);
    const cookie = await this.jar.getCookieString(url.href, { sameSiteContext: sameSite(from, init.method) });
    const headers = { ...this.headers, ...(cookie && { cookie }), ...(init.headers as Record<string, string>) };
    const response = await this.server.fetch(url, { redirect: 'manual', ...init, headers });
    for (const line of response.headers.getSetCookie()) await this.jar.setCookie(line, url.href);
    return response;
  }

  /** Fills in a form of the page and sends it; a field given takes the place of what the form holds under its name. */
  async submit(page: Shown, fields: Readonly<Record<string, string | string[]>> = {}, form = 0): Promise<Shown> {
    const { action, body } = formOf(page, form);
    for (const [name, value] of Object.entries(fields)) {
      body.delete(name);
      [value].flat().forEach((one) => body.append(name, one));
    }
    return this.open(action, { method: 'POST', body });
  }

  /** Signs in on the sign-in page; everybody's password is the user name. */
  signIn(page: Shown, username = 'alice', fields: Readonly<Record<string, string>> = {}): Promise<Shown> {
    return this.submit(page, { username, password: username, ...fields });
  }

  /** The value of a cookie of the server. */
  async cookie(name: string): Promise<string | undefined> {
    const cookies = await this.jar.getCookies(this.server.url);
    return cookies.find((cookie) => cookie.key === name)?.value;
  }

  async putCookie(name: string, value: string): Promise<void> {
    await this.jar.setCookie(`${name}=${value}; Path=/; Secure; SameSite=Lax`, this.server.url);
  }
}

/** Where a form leads and what it sends when nobody changes it: hidden fields, texts, and the boxes that are ticked. */
export function formOf({ html, url }: Shown, index = 0): { readonly action: URL; readonly body: URLSearchParams } {
  const form = parse(html).querySelectorAll('form')[index];
  if (!form) throw new Error(`There is no form ${index} at ${url.href}: ${textOf(html)}`);
  const sent = form.querySelectorAll('input').filter((input) => !isLeftOut(input));
  const pairs = sent.map((input): [string, string] => [
    input.getAttribute('name') ?? '',
    input.getAttribute('value') ?? '',
  ]);
  return { action: new URL(form.getAttribute('action') ?? '', url), body: new URLSearchParams(pairs) };
}

function isLeftOut(input: HTMLElement): boolean {
  const isBox = ['checkbox', 'radio'].includes(input.getAttribute('type') ?? '');
  return input.hasAttribute('disabled') || (isBox && !input.hasAttribute('checked'));
}

function textOf(html: string): string {
  return (parse(html).querySelector('body')?.structuredText ?? '').replace(/\s+/g, ' ');
}

function sameSite(from: Site, method = 'GET') {
  if (from === 'strict') return 'strict';
  return method === 'GET' ? 'lax' : 'none';
}
