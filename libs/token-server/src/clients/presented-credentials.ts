import { OAuthError, Parameter } from '@tessera/protocol';
import type { Client } from '@tessera/resource-model';
import { decodeForm } from '../http/decode.js';
import type { HttpRequest } from '../http/message.js';
import type { CredentialReader, Credentials } from './credentials.js';

/** Who the caller says to be, and how it may be proving it. */
export interface PresentedCredentials {
  readonly id: string;
  /** At least one; several only of those that the request does not speak of. */
  readonly ways: readonly Credentials[];
}

class ClientIdParams {
  @Parameter({ maxLength: 200 })
  clientId?: string;
}

/** Finds the one way in which the caller authenticates (RFC 6749 §2.3). */
export class CredentialReaders {
  constructor(
    /** Of those that a request says: one at most. */
    private readonly outspoken: readonly CredentialReader[],
    /** Of those that it does not say. */
    private readonly silent: readonly CredentialReader[],
  ) {}

  /** @throws OAuthError `invalid_request` for two ways at once, `invalid_client` for none that can be read */
  read(request: HttpRequest): PresentedCredentials {
    const { clientId } = decodeForm(ClientIdParams, request);
    const said = found(this.outspoken, request);
    if (said.length > 1) {
      const methods = said.map(({ method }) => method).join(' and ');
      throw new OAuthError('invalid_request', `The client authenticates in two ways at once: ${methods}. Use one.`);
    }
    const id = said[0]?.id ?? clientId;
    if (id === undefined) {
      throw new OAuthError(
        'invalid_client',
        'The request shows no client: send client_id, or an Authorization header.',
      );
    }
    if (clientId !== undefined && clientId !== id) {
      throw new OAuthError('invalid_request', `client_id differs from the one of ${said[0]!.method}.`);
    }
    return { id, ways: said.length > 0 ? said : found(this.silent, request) };
  }
}

/** The one that counts for this client. */
export function wayOf({ ways }: PresentedCredentials, client: Client | undefined): Credentials {
  const own = ways.length > 1 ? ways.find(({ method }) => method === client?.tokenEndpointAuthMethod) : undefined;
  return own ?? ways[ways.length - 1]!;
}

function found(readers: readonly CredentialReader[], request: HttpRequest): Credentials[] {
  const all: Credentials[] = [];
  for (const reader of readers) {
    const one = reader.read(request);
    if (one) all.push(one);
  }
  return all;
}
