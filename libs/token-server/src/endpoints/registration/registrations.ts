import { Inject, Injectable } from '@nestjs/common';
import { OAuthError } from '@tessera/protocol';
import {
  Clock,
  createHandle,
  hashHandle,
  randomText,
  type RegisteredClient,
  registeredClientId,
  RegisteredClientStore,
} from '@tessera/resource-model';
import type { HttpRequest } from '../../http/message.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../../token-server.options.js';
import { metadataOf } from './metadata-body.js';
import { RegistrationAccess } from './registration-access.js';
import type { Registration } from './registration-body.js';
import { RegistrationRequests } from './registration-requests.js';

/** Registers clients (RFC 7591 §3.1). */
@Injectable()
export class Registrations {
  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
    private readonly access: RegistrationAccess,
    private readonly requests: RegistrationRequests,
    private readonly store: RegisteredClientStore,
    private readonly clock: Clock,
  ) {}

  /** @throws OAuthError */
  async register(request: HttpRequest): Promise<Registration> {
    // Counted first: also guesses of initial access tokens, and what they would make the server fetch.
    await this.access.count(request);
    const initialAccessToken = this.access.tokenOf(request)?.name;
    const sent = metadataOf(request);
    const { maxClients, unusedClientLifetime: lifetime } = this.options.registration;
    // The last tenth is for those who show an initial access token: strangers cannot take it from them.
    const most = initialAccessToken === undefined ? Math.ceil(maxClients * 0.9) : maxClients;
    // Before anything is fetched for it. Whether there still is room is for the store to say, in one step with taking it.
    if ((await this.store.count()) >= most) throw full();
    const clientId = registeredClientId(randomText(16));
    const { client, clientSecret } = await this.requests.admit({ clientId, sent, initialAccessToken });
    const accessToken = createHandle();
    const registeredAt = this.clock.now();
    const registered: RegisteredClient = {
      client,
      accessTokenHash: hashHandle(accessToken),
      registeredAt,
      initialAccessToken,
      // Whoever has shown an initial access token may take its time.
      unusedUntil: initialAccessToken === undefined && lifetime > 0 ? registeredAt + lifetime : undefined,
    };
    if (!(await this.store.add(registered, most))) throw full();
    return { registered, accessToken, clientSecret };
  }
}

function full(): OAuthError {
  return new OAuthError('temporarily_unavailable', 'As many clients are registered as there may be.');
}
