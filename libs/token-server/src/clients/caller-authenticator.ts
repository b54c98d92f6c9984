import { Injectable } from '@nestjs/common';
import { OAuthError } from '@tessera/protocol';
import { type ApiResource, type Client, Clock, ResourceStore } from '@tessera/resource-model';
import type { HttpRequest } from '../http/message.js';
import { note } from '../http/request-notes.js';
import { ClientAuthenticator } from './client-authenticator.js';
import { CredentialReaders } from './presented-credentials.js';
import { matchesAny } from './secret-match.js';

/** Who asks about a token: the API it is for, or the client that got it. */
export type Caller =
  | { readonly resource: ApiResource; readonly client?: undefined }
  | { readonly client: Client; readonly resource?: undefined };

/** Authenticates those who may ask about tokens (RFC 7662 §2.1): never a caller that proves nothing. */
@Injectable()
export class CallerAuthenticator {
  constructor(
    private readonly readers: CredentialReaders,
    private readonly resources: ResourceStore,
    private readonly clients: ClientAuthenticator,
    private readonly clock: Clock,
  ) {}

  async authenticate(request: HttpRequest): Promise<Caller> {
    const presented = this.readers.read(request);
    const resource = (await this.resources.catalogue()).apiResources.get(presented.id);
    if (resource && matchesAny(resource.apiSecrets, presented.ways[0]!.secret, this.clock.now())) {
      note(request, { client: resource.name });
      return { resource };
    }
    const { client, method } = await this.clients.verify(request, presented);
    if (method === 'none') {
      throw new OAuthError('invalid_client', 'Client authentication failed.', {
        cause: 'a public client asked about a token',
      });
    }
    return { client };
  }
}
