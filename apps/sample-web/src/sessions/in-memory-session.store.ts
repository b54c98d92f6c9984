import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { ExpiringMap } from '../expiring-map.js';
import { createHandle, hashHandle } from '../handle.js';
import type { Person, Session, Tokens } from './session.js';

/** The sessions of this process; they end with it. */
@Injectable()
export class InMemorySessionStore {
  static readonly capacity = 10_000;
  /** Seconds: a working day, however busy the browser is. */
  static readonly lifetime = 8 * 3600;
  private readonly sessions: ExpiringMap<Session>;

  constructor(clock: Clock) {
    this.sessions = new ExpiringMap(clock, InMemorySessionStore);
  }

  /** Returns the handle for the cookie. It is always a new one: what a browser brought along is never made a session. */
  begin(person: Person, tokens: Tokens): string {
    const handle = createHandle();
    const id = hashHandle(handle);
    this.sessions.add(id, { id, person, tokens, formToken: createHandle() });
    return handle;
  }

  find(handle: string): Session | undefined {
    return this.read(hashHandle(handle));
  }

  read(id: string): Session | undefined {
    return this.sessions.get(id);
  }

  /** False where the session has ended in the meantime; it stays ended. */
  replaceTokens(id: string, tokens: Tokens): boolean {
    const session = this.read(id);
    return session !== undefined && this.sessions.replace(id, { ...session, tokens });
  }

  end(id: string): void {
    this.sessions.delete(id);
  }

  /** Ends the sessions of which all is true that is given; how many. */
  endMatching({ subject, sid }: { readonly subject?: string | undefined; readonly sid?: string | undefined }): number {
    const matches = ({ person }: Session) =>
      (sid === undefined || person.sid === sid) && (subject === undefined || person.subject === subject);
    const found = [...this.sessions.live()].filter(([, session]) => matches(session));
    for (const [id] of found) this.sessions.delete(id);
    return found.length;
  }
}
