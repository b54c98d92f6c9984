import { Inject, Injectable } from '@nestjs/common';
import { parse, serialize } from 'cookie';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';
import type { HttpReply, HttpRequest } from './message.js';

/**
 * `session`: the sign-in. `browser`: what forms and interactions are bound to. `state`: what the session frame compares (OpenID Connect Session
 * Management §3.2), the only one that a script may read. `device`: that somebody has signed in with this browser before.
 */
export type CookieName = 'session' | 'browser' | 'state' | 'device';

/** How long a cookie stays: seconds, or until the browser is closed. */
export interface CookieSpan {
  readonly maxAge?: number;
}

/** The cookies of this server: bound to its host, sent over https only, out of reach of scripts. */
@Injectable()
export class Cookies {
  private readonly isSecure: boolean;

  constructor(@Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions) {
    // Over plain http, which development alone speaks, a browser would refuse the prefix.
    this.isSecure = options.issuer.startsWith('https:');
  }

  /** The name on the wire. With `__Host-` no neighbour in the same domain can put one in its place (RFC 6265bis §4.1.3.2). */
  nameOf(name: CookieName): string {
    return `${this.isSecure ? '__Host-' : ''}tessera.${name}`;
  }

  read({ headers }: HttpRequest, name: CookieName): string | undefined {
    if (headers.cookie === undefined) return undefined;
    return parse(headers.cookie)[this.nameOf(name)] || undefined;
  }

  set(reply: HttpReply, name: CookieName, value: string, { maxAge }: CookieSpan = {}): void {
    const isState = name === 'state';
    const cookie = serialize(this.nameOf(name), value, {
      path: '/',
      secure: this.isSecure,
      httpOnly: !isState,
      sameSite: this.sameSite(name),
      maxAge,
    });
    // Fastify adds to what is there, Express replaces it: so it is taken away first, and all of it set again.
    const present = reply.getHeader('set-cookie') ?? [];
    const others = (Array.isArray(present) ? present : [String(present)]).filter(
      (line) => !line.startsWith(`${this.nameOf(name)}=`),
    );
    reply.removeHeader('set-cookie');
    reply.header('set-cookie', [...others, cookie]);
  }

  clear(reply: HttpReply, name: CookieName): void {
    this.set(reply, name, '', { maxAge: 0 });
  }

  /**
   * The frame that a client embeds is always another site's: without `none` it would see nothing of `state`. And where a form of another site came
   * without `browser`, the browser would be given a new one, and lose what waits in it. A browser takes `none` over https only.
   */
  private sameSite(name: CookieName): 'lax' | 'none' {
    if (!this.isSecure) return 'lax';
    if (name === 'state' || name === 'browser') return 'none';
    return name === 'session' ? this.options.sessions.cookieSameSite : 'lax';
  }
}
