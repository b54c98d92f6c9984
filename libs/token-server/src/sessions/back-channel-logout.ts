import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type Client, ClientStore, Clock, type LogoutNotice, LogoutNoticeStore } from '@tessera/resource-model';
import { Outgoing } from '../http/outgoing.js';
import { LogoutTokenWriter } from '../tokens/logout-token.writer.js';

const intervalMilliseconds = 1000;

/** So many clients are told at once: one that is slow does not keep the others waiting. */
const mostAtOnce = 10;

/** Seconds after a try that failed; the last for all that follow. */
const delays = [5, 15, 60, 300, 900];

/** Tells clients that sessions have ended (OpenID Connect Back-Channel Logout 1.0 §2.5), in the background: no person waits for it. */
@Injectable()
export class BackChannelLogout implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('TokenServer');
  private timer: NodeJS.Timeout | undefined;
  private underWay = 0;

  constructor(
    private readonly notices: LogoutNoticeStore,
    private readonly clients: ClientStore,
    private readonly tokens: LogoutTokenWriter,
    private readonly outgoing: Outgoing,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.deliverDue().catch((error: unknown) => this.logger.error('Telling clients of ended sessions failed', error));
    }, intervalMilliseconds);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Tries all that are due, once each. */
  async deliverDue(): Promise<void> {
    const free = mostAtOnce - this.underWay;
    if (free <= 0) return;
    const due = await this.claim(free);
    await Promise.all(due.map((notice) => this.deliver(notice)));
    if (due.length === free) await this.deliverDue();
  }

  private async claim(free: number): Promise<readonly LogoutNotice[]> {
    // Taken before the store is asked, and given back after: two calls at once do not both count the same places as free.
    this.underWay += free;
    let claimed = 0;
    try {
      const due = await this.notices.claimDue(this.clock.now(), free, (attempts) => this.delay(attempts));
      claimed = due.length;
      return due;
    } finally {
      this.underWay -= free - claimed;
    }
  }

  /** Never less than a try may take, so that there are never two of them at once. */
  private delay(attempts: number): number {
    return Math.max(delays[Math.min(attempts, delays.length) - 1]!, this.outgoing.timeLimit);
  }

  private async deliver(notice: LogoutNotice): Promise<void> {
    try {
      if (await this.isSettled(notice)) await this.notices.remove(notice.id);
    } catch (error) {
      this.logger.warn(
        `Client '${notice.clientId}' was not told of a logout (try ${notice.attempts}): ${reason(error)}`,
      );
    } finally {
      this.underWay--;
    }
  }

  /** Whether there is nothing more to do. @throws Error where it is worth another try */
  private async isSettled(notice: LogoutNotice): Promise<boolean> {
    const client = await this.clients.find(notice.clientId);
    const uri = client?.enabled ? client.backChannelLogoutUri : undefined;
    return uri === undefined || this.tell(notice, client!, uri);
  }

  /** §2.8: 200 is success, and 204 is taken for it; 400 says that this client will never take it. */
  private async tell(notice: LogoutNotice, client: Client, uri: string): Promise<boolean> {
    const { status } = await this.outgoing.post(uri, { logout_token: await this.tokens.write(notice, client) });
    if (status === 400) this.logger.warn(`Client '${client.clientId}' refused a logout token: it is not told again`);
    else if (status < 200 || status > 299) throw new Error(`it answered ${status}`);
    return true;
  }
}

function reason(error: unknown): string {
  const { message, code } = error as Partial<NodeJS.ErrnoException>;
  // Of several addresses that do not answer Node makes one error without a message.
  return [message, code].find((text) => text !== undefined && text !== '') ?? 'unknown';
}
