import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type Client, ClientStore, Clock, type LogoutNotice, LogoutNoticeStore } from '@tessera/resource-model';
import { BackgroundFaults } from '../background-faults.js';
import { Outgoing } from '../http/outgoing.js';
import { LogoutTokenWriter } from '../tokens/logout-token.writer.js';
import { delayAfter, UnreachableClients } from './unreachable-clients.js';

const intervalMilliseconds = 1000;

/** So many clients are told at once, each of one ended session after the other: one that is slow keeps none of the others waiting. */
const mostAtOnce = 10;

/** Tells clients that sessions have ended (OpenID Connect Back-Channel Logout 1.0 §2.5), in the background: no person waits for it. */
@Injectable()
export class BackChannelLogout implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('TokenServer');
  private readonly faults = new BackgroundFaults('Telling clients of ended sessions failed', this.logger);
  private timer: NodeJS.Timeout | undefined;
  /** The clients that are being told. */
  private readonly underWay = new Set<string>();
  private readonly unreachable = new UnreachableClients();
  private lastClaim: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly notices: LogoutNoticeStore,
    private readonly clients: ClientStore,
    private readonly tokens: LogoutTokenWriter,
    private readonly outgoing: Outgoing,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      void this.faults.watch(this.deliverDue());
    }, intervalMilliseconds);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Tries all that are due, once each; of a client that gives no answer the one that showed it. */
  async deliverDue(): Promise<void> {
    const due = await this.claim(mostAtOnce);
    await Promise.all(due.map((notice) => this.deliverFrom(notice)));
  }

  /** Goes on for as long as anything is due, whatever the others wait for. */
  private async deliverFrom(first: LogoutNotice): Promise<void> {
    for (let next: LogoutNotice | undefined = first; next !== undefined; [next] = await this.claim(1)) {
      await this.deliver(next);
    }
  }

  /** One claim at a time, so that the next knows which clients are being told. */
  private claim(most: number): Promise<readonly LogoutNotice[]> {
    const claimed = this.lastClaim.then(() => this.claimFree(most));
    this.lastClaim = claimed.catch(() => undefined);
    return claimed;
  }

  private async claimFree(most: number): Promise<readonly LogoutNotice[]> {
    const limit = Math.min(most, mostAtOnce - this.underWay.size);
    if (limit <= 0) return [];
    const now = this.clock.now();
    const except = [...this.underWay, ...this.unreachable.at(now)];
    const due = await this.notices.claimDue(now, { limit, except }, (attempts) => this.delay(attempts));
    for (const { clientId } of due) this.underWay.add(clientId);
    return due;
  }

  /** Never less than a try may take, so that there are never two of them at once. */
  private delay(attempts: number): number {
    return Math.max(delayAfter(attempts), this.outgoing.timeLimit);
  }

  private async deliver(notice: LogoutNotice): Promise<void> {
    try {
      if (await this.isSettled(notice)) await this.notices.remove(notice.id);
    } catch (error) {
      this.logger.warn(
        `Client '${notice.clientId}' was not told of a logout (try ${notice.attempts}): ${reason(error)}`,
      );
    } finally {
      this.underWay.delete(notice.clientId);
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
    const status = await this.send(client.clientId, uri, await this.tokens.write(notice, client));
    if (status === 400) this.logger.warn(`Client '${client.clientId}' refused a logout token: it is not told again`);
    else if (status < 200 || status > 299) throw new Error(`it answered ${status}`);
    return true;
  }

  /** The status of the answer. @throws Error where there is none */
  private async send(clientId: string, uri: string, token: string): Promise<number> {
    try {
      const { status } = await this.outgoing.post(uri, { logout_token: token });
      this.unreachable.answered(clientId);
      return status;
    } catch (error) {
      this.unreachable.gaveNoAnswer(clientId, this.clock.now());
      throw error;
    }
  }
}

function reason(error: unknown): string {
  const { message, code } = error as Partial<NodeJS.ErrnoException>;
  // Of several addresses that do not answer Node makes one error without a message.
  return [message, code].find((text) => text !== undefined && text !== '') ?? 'unknown';
}
