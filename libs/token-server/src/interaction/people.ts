import { Injectable } from '@nestjs/common';
import { ProfileService } from '@tessera/grant-types';
import { Clock, type Session, SessionStore } from '@tessera/resource-model';
import type { HttpRequest } from '../http/message.js';
import { SessionEnd } from '../sessions/session-end.js';
import { Sessions } from '../sessions/sessions.js';
import type { SignedIn } from './views.js';

/** Who is signed in, here and elsewhere. */
@Injectable()
export class People {
  constructor(
    private readonly sessions: Sessions,
    private readonly store: SessionStore,
    private readonly sessionEnd: SessionEnd,
    private readonly profiles: ProfileService,
    private readonly clock: Clock,
  ) {}

  async signedIn(http: HttpRequest): Promise<SignedIn | undefined> {
    const session = await this.sessions.current(http);
    return session && this.view(session);
  }

  async view({ subject, id, authentication }: Session): Promise<SignedIn> {
    const name = (await this.profiles.displayName(subject)) ?? subject;
    return { subject, name, sessionId: id, signedInAt: authentication.time };
  }

  /** The sessions of the person that go on, newest first. */
  async sessionsOf(subject: string): Promise<readonly Session[]> {
    const now = this.clock.now();
    return (await this.store.listBySubject(subject)).filter(({ expiresAt }) => expiresAt > now);
  }

  /** Ends a session of the person; that of somebody else is left alone. */
  async endSession(subject: string, sessionId: string): Promise<boolean> {
    const session = await this.store.findById(sessionId);
    return session?.subject === subject && (await this.sessionEnd.end(sessionId)) !== undefined;
  }
}
