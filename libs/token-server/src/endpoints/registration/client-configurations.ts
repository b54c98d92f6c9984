import { Injectable } from '@nestjs/common';
import { bearerToken, OAuthError } from '@tessera/protocol';
import { hashHandle, matchesSharedSecret, type RegisteredClient, RegisteredClientStore } from '@tessera/resource-model';
import { refusedMember } from '../../clients/client-metadata/metadata-error.js';
import type { ClientMetadata } from '../../clients/client-metadata/metadata-member.js';
import { RegisteredClients } from '../../clients/dynamic-clients/registered-clients.js';
import type { HttpRequest } from '../../http/message.js';
import { missingToken } from './missing-token.js';
import { metadataOf } from './metadata-body.js';
import { RegistrationAccess } from './registration-access.js';
import type { Registration } from './registration-body.js';
import { RegistrationRequests } from './registration-requests.js';

/** What only the server says (RFC 7592 §2.2). */
const serverMembers = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
];

/** Shows, changes and removes registrations (RFC 7592 §2), each with its own registration access token. */
@Injectable()
export class ClientConfigurations {
  constructor(
    private readonly access: RegistrationAccess,
    private readonly requests: RegistrationRequests,
    private readonly store: RegisteredClientStore,
    private readonly registered: RegisteredClients,
  ) {}

  /** §2.1. @throws OAuthError `invalid_token` */
  async read(request: HttpRequest, clientId: string): Promise<Registration> {
    const accessToken = bearerToken(request.headers.authorization);
    if (accessToken === undefined) throw missingToken();
    const registered = await this.registered.registration(clientId);
    // The same for a client that there is not, one that was removed, and the token of another: nobody learns which there are.
    // One that an operator has disabled is unknown as well: it must not bring itself back.
    if (registered?.accessTokenHash !== hashHandle(accessToken) || !registered.client.enabled) throw unknownToken();
    return { registered, accessToken };
  }

  /** §2.2: what is left out is gone. @throws OAuthError */
  async replace(request: HttpRequest, clientId: string): Promise<Registration> {
    const { registered, accessToken } = await this.read(request, clientId);
    await this.access.count(request);
    const sent = metadataOf(request);
    checkOwnMembers(sent, registered);
    const { initialAccessToken, client: earlier } = registered;
    const { client, clientSecret } = await this.requests.admit({ clientId, sent, initialAccessToken, earlier });
    const changed = { ...registered, client };
    if (!(await this.store.replace(changed))) throw unknownToken();
    return { registered: changed, accessToken, clientSecret };
  }

  /** §2.3: with the client its tokens, codes and consents end, since nothing is done for a client that is unknown. @throws OAuthError */
  async remove(request: HttpRequest, clientId: string): Promise<void> {
    await this.read(request, clientId);
    await this.store.remove(clientId);
  }
}

function checkOwnMembers(sent: ClientMetadata, { client }: RegisteredClient): void {
  if (sent.client_id !== client.clientId) throw refusedMember('client_id', `must be '${client.clientId}'`);
  const found = serverMembers.find((name) => sent[name] !== undefined);
  if (found !== undefined) throw refusedMember(found, 'is for the server to say: leave it out (RFC 7592 §2.2)');
  const { client_secret: secret } = sent;
  if (secret === undefined || secret === null) return;
  const matches = typeof secret === 'string' && client.clientSecrets.some((one) => matchesSharedSecret(one, secret));
  if (!matches)
    throw refusedMember('client_secret', 'must be the one that the server gave, or left out (RFC 7592 §2.2)');
}

function unknownToken(): OAuthError {
  return new OAuthError('invalid_token', 'The registration access token is not that of the client.');
}
