import { Injectable } from '@nestjs/common';
import { ClientStore, Clock, LogoutNoticeStore, randomText, type Session } from '@tessera/resource-model';

/** So long a client that does not answer is told again, in seconds. */
const worthTelling = 86_400;

/** Writes down which clients are to be told that a session ended (OpenID Connect Back-Channel Logout §2.5). */
@Injectable()
export class LogoutNotices {
  constructor(
    private readonly notices: LogoutNoticeStore,
    private readonly clients: ClientStore,
    private readonly clock: Clock,
  ) {}

  async send(session: Session): Promise<void> {
    const now = this.clock.now();
    const found = await Promise.all(session.clients.map((clientId) => this.clients.find(clientId)));
    const notices = found
      .filter((client) => client?.enabled && client.backChannelLogoutUri !== undefined)
      .map((client) => ({
        id: randomText(16),
        clientId: client!.clientId,
        subject: session.subject,
        sessionId: session.id,
        attempts: 0,
        dueAt: now,
        expiresAt: now + worthTelling,
      }));
    if (notices.length > 0) await this.notices.add(notices);
  }
}
