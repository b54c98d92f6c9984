import { Injectable } from '@nestjs/common';
import { type Session, SessionStore } from '@tessera/resource-model';
import { LogoutNotices } from './logout-notices.js';

/** The one way in which a session ends before its time: whoever took part is told. For consoles, too: `SessionStore.listBySubject` has a person's. */
@Injectable()
export class SessionEnd {
  constructor(
    private readonly store: SessionStore,
    private readonly notices: LogoutNotices,
  ) {}

  /** The session that ended; undefined where it had ended before. */
  async end(sessionId: string): Promise<Session | undefined> {
    const session = await this.store.remove(sessionId);
    if (session) await this.notices.send(session);
    return session;
  }
}
