import { setTimeout } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { type BackchannelAuthentication, type BackchannelPing, ClientStore } from '@tessera/resource-model';
import { Outgoing } from '../http/outgoing.js';

/** Seconds before the second try and before the third; there is no fourth: the client may poll as well (CIBA Core §7.3). */
const pauses = [1, 5];

/** Tells clients that a person has answered (CIBA Core §10.2), in the background: no person waits for it. */
@Injectable()
export class BackchannelPings implements OnApplicationShutdown {
  private readonly logger = new Logger('TokenServer');
  private readonly underWay = new Set<Promise<void>>();
  private readonly ending = new AbortController();

  constructor(
    private readonly clients: ClientStore,
    private readonly outgoing: Outgoing,
  ) {}

  /** Nothing where the client polls. */
  notify({ clientId, ping }: BackchannelAuthentication): void {
    if (!ping) return;
    const told: Promise<void> = this.tell(clientId, ping).finally(() => this.underWay.delete(told));
    this.underWay.add(told);
  }

  /** What is being sent is sent to its end, which comes soon (`Outgoing.timeLimit`); nothing is tried again. */
  async onApplicationShutdown(): Promise<void> {
    this.ending.abort();
    await Promise.all(this.underWay);
  }

  /** Never rejects. */
  private async tell(clientId: string, ping: BackchannelPing): Promise<void> {
    for (const pause of [...pauses, undefined]) {
      try {
        await this.send(clientId, ping);
        return;
      } catch (error) {
        // The token stays out of the log: who knows it can pretend to be this server.
        this.logger.warn(`Client '${clientId}' was not told of a person's answer: ${reason(error)}`);
      }
      if (pause === undefined || !(await this.hasTimeFor(pause))) return;
    }
  }

  /** @throws Error where it is worth another try */
  private async send(clientId: string, { authReqId, token }: BackchannelPing): Promise<void> {
    const client = await this.clients.find(clientId);
    const endpoint = client?.enabled ? client.backchannelClientNotificationEndpoint : undefined;
    if (endpoint === undefined) return;
    const headers = { Authorization: `Bearer ${token}` };
    const { status } = await this.outgoing.postJson(endpoint, { auth_req_id: authReqId }, headers);
    // CIBA Core §10.2: 204 is success, and 200 is taken for it; a redirect is not followed.
    if (status < 200 || status > 299) throw new Error(`it answered ${status}`);
  }

  /** False: the server ends. */
  private async hasTimeFor(seconds: number): Promise<boolean> {
    const { signal } = this.ending;
    return setTimeout(seconds * 1000, true, { ref: false, signal }).catch(() => false);
  }
}

function reason(error: unknown): string {
  const { message, code } = error as Partial<NodeJS.ErrnoException>;
  // Of several addresses that do not answer Node makes one error without a message.
  return [message, code].find((text) => text !== undefined && text !== '') ?? 'unknown';
}
