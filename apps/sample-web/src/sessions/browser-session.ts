import { Injectable } from '@nestjs/common';
import { BrowserCookies } from '../http/browser-cookies.js';
import type { WebReply, WebRequest } from '../http/exchange.js';
import { InMemorySessionStore } from './in-memory-session.store.js';
import type { Person, Session, Tokens } from './session.js';

/** Between a browser's cookie and the session that it stands for. */
@Injectable()
export class BrowserSession {
  constructor(
    private readonly cookies: BrowserCookies,
    private readonly sessions: InMemorySessionStore,
  ) {}

  find(request: WebRequest): Session | undefined {
    const handle = this.cookies.read(request, 'session');
    return handle === undefined ? undefined : this.sessions.find(handle);
  }

  /** The browser gets a new handle, and the session it had before ends: a handle planted earlier is worth nothing now. */
  begin(request: WebRequest, reply: WebReply, person: Person, tokens: Tokens): void {
    const former = this.find(request);
    if (former) this.sessions.end(former.id);
    this.cookies.set(reply, 'session', this.sessions.begin(person, tokens));
  }

  end(session: Session, reply: WebReply): void {
    this.sessions.end(session.id);
    this.cookies.clear(reply, 'session');
  }
}
