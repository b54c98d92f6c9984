import { Inject, Injectable } from '@nestjs/common';
import { parseCookie, stringifySetCookie, type SetCookie } from 'cookie';
import { ENVIRONMENT, type Environment } from '../environment.js';
import { isHandle } from '../handle.js';
import type { WebReply, WebRequest } from './exchange.js';

/** `session`: who is signed in. `sign-in`: where sign-ins have begun. `sign-out`: that one is under way. */
export type CookieKind = 'session' | 'sign-in' | 'sign-out';

/**
 * The cookies of this application: each holds one handle. The prefix `__Host-` makes browsers take them only over https, from this
 * very host and for all its paths, so that nobody else can plant one.
 */
@Injectable()
export class BrowserCookies {
  private readonly port: string;

  constructor(@Inject(ENVIRONMENT) { url }: Environment) {
    this.port = new URL(url).port || '443';
  }

  /** The handle; undefined where there is none, or something that this application cannot have set. */
  read({ headers }: WebRequest, kind: CookieKind): string | undefined {
    const value = parseCookie(headers.cookie ?? '')[this.nameOf(kind)];
    return isHandle(value) ? value : undefined;
  }

  /** `maxAge` in seconds; without it the cookie ends with the browser. */
  set(reply: WebReply, kind: CookieKind, handle: string, maxAge?: number): void {
    this.write(reply, { name: this.nameOf(kind), value: handle, ...(maxAge !== undefined && { maxAge }) });
  }

  clear(reply: WebReply, kind: CookieKind): void {
    this.write(reply, { name: this.nameOf(kind), value: '', maxAge: 0 });
  }

  /** Lax: the answer of the issuer comes by a link from another site, and has to find its cookies. */
  private write(reply: WebReply, cookie: SetCookie): void {
    reply.header(
      'set-cookie',
      stringifySetCookie({ ...cookie, path: '/', secure: true, httpOnly: true, sameSite: 'lax' }),
    );
  }

  /** Cookies know no ports: without it, two applications on localhost would overwrite each other's. */
  private nameOf(kind: CookieKind): string {
    return `__Host-web-${this.port}-${kind}`;
  }
}
