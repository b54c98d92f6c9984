import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { createHandle, type HandleHash, hashHandle } from '@tessera/resource-model';
import { Cookies } from '../http/cookies.js';
import type { Form } from '../http/decode.js';
import type { HttpReply, HttpRequest } from '../http/message.js';

/** A form that this browser was not given: of another site, of another browser, or of a browser that has lost its cookies since. */
export class CsrfError extends Error {
  override readonly name = 'CsrfError';
}

/** On the request, once the browser has been given a cookie: the reply carries it, the request does not yet. */
const given = Symbol('tessera.browser');

interface Known {
  [given]?: string;
}

/** Tells browsers apart: an interaction opens in the one that began it, and a form counts from the one that was given it. */
@Injectable()
export class Browsers {
  constructor(private readonly cookies: Cookies) {}

  /** What an interaction of this browser is bound to; a browser that comes for the first time is given a cookie. */
  bind(request: HttpRequest, reply: HttpReply): HandleHash {
    return hashHandle(this.handle(request, reply));
  }

  /** Undefined for a browser that has never been here. */
  known(request: HttpRequest): HandleHash | undefined {
    const handle = this.read(request);
    return handle === undefined ? undefined : hashHandle(handle);
  }

  /** For the hidden field `csrf`: made from the cookie, which no other site can read or set, so no server needs to remember it. */
  csrfToken(request: HttpRequest, reply: HttpReply): string {
    return tokenOf(this.handle(request, reply));
  }

  /** @throws CsrfError */
  checkCsrf(request: HttpRequest): void {
    const handle = this.read(request);
    const sent = (request.body as Form | undefined)?.csrf;
    // What the browser itself says about where the form came from counts first (Fetch Metadata).
    const site = request.headers['sec-fetch-site'];
    const isOurs = site === undefined || site === 'same-origin' || site === 'none';
    if (!isOurs || handle === undefined || typeof sent !== 'string' || !isEqual(sent, tokenOf(handle))) {
      throw new CsrfError('The form was not given to this browser, or its cookie is gone.');
    }
  }

  private handle(request: HttpRequest, reply: HttpReply): string {
    const known = this.read(request);
    if (known !== undefined) return known;
    const handle = createHandle();
    this.cookies.set(reply, 'browser', handle);
    (request as Known)[given] = handle;
    return handle;
  }

  private read(request: HttpRequest): string | undefined {
    return (request as Known)[given] ?? this.cookies.read(request, 'browser');
  }
}

function tokenOf(handle: string): string {
  return createHmac('sha256', handle).update('csrf').digest('base64url');
}

function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
