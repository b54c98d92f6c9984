import type { RegisteredClient } from '@tessera/resource-model';
import { writeClientMetadata } from '../../clients/client-metadata/client-metadata.js';
import type { ClientMetadata } from '../../clients/client-metadata/metadata-member.js';
import { endpointPaths } from '../../http/endpoint-paths.js';

/** A registration, with what only its client is told. */
export interface Registration {
  readonly registered: RegisteredClient;
  readonly accessToken: string;
  /** Where a new one was made. */
  readonly clientSecret?: string;
}

/** What the client is told (RFC 7591 §3.2.1, RFC 7592 §3). Its secret only once: no more than a hash is kept. */
export function encodeRegistration(
  { registered, accessToken, clientSecret }: Registration,
  issuer: string,
): ClientMetadata {
  const { client, registeredAt } = registered;
  const expiration = client.clientSecrets[0]?.expiration ?? 0;
  return {
    client_id: client.clientId,
    client_id_issued_at: registeredAt,
    ...(clientSecret !== undefined && { client_secret: clientSecret }),
    ...(client.clientSecrets.length > 0 && { client_secret_expires_at: expiration }),
    registration_access_token: accessToken,
    registration_client_uri: `${issuer.replace(/\/$/, '')}/${endpointPaths.registration}/${client.clientId}`,
    ...writeClientMetadata(client),
  };
}
