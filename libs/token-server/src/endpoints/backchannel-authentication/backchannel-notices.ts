import { Injectable, Logger, Optional } from '@nestjs/common';
import type { BackchannelAuthentication, Client } from '@tessera/resource-model';
import { BackchannelNotifier } from '../../interaction/backchannel-notifier.js';
import { PageUrls } from '../../interaction/page-urls.js';

/** Tells people, by the means of the application, that a client waits for their word. */
@Injectable()
export class BackchannelNotices {
  private readonly logger = new Logger('TokenServer');

  constructor(
    private readonly urls: PageUrls,
    @Optional() private readonly notifier?: BackchannelNotifier,
  ) {}

  /** @throws OAuthError `interaction_required` where the application has no page on which people could answer */
  checkPage(): void {
    this.urls.of('backchannel', {});
  }

  /** In the background: how long it takes says whether and how the person can be reached, which is not for the client to know. */
  send(waiting: BackchannelAuthentication, client: Client): void {
    void this.notify(waiting, client);
  }

  /** Never rejects. */
  private async notify({ id, subject, bindingMessage, expiresAt }: BackchannelAuthentication, client: Client) {
    const { clientId, clientName } = client;
    try {
      const url = this.urls.of('backchannel', { request: id });
      await this.notifier?.notify({ subject, client: { clientId, clientName }, bindingMessage, url, expiresAt });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.logger.warn(`Nobody was told that client '${clientId}' asks something: ${reason}`);
    }
  }
}
